/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The one address space: reservations ("regions") with demand-zero backing, protections and over-commit.
 *
 * A region's pages come from its pager at the first touch; without a pager they are anonymous zeroed pages. All calls take
 * page-aligned addresses and sizes, are callable from thread context, and return 0 or -Exxx unless said otherwise. Calls that change the
 * map may sleep; large ones work in steps between which others run.
 */
#ifndef CORE_VMEM_H
#define CORE_VMEM_H

#include <core/alloc.h>
#include <core/base.h>

#define VMEM_READ 1u
#define VMEM_WRITE 2u
#define VMEM_EXEC 4u

/*
 * The space in which mmap() places reservations when the caller does not care: from vmem_base on, which is VMEM_BASE or a little above. A caller
 * that names the place may go down to 1 GiB.
 */
#define VMEM_BASE 0x100000000000UL
#define VMEM_END 0x7ffff0000000UL
extern uintptr_t vmem_base;

/* Boot, before there are mappings that anybody could want to guess: move vmem_base by a random number of pages, within 1 TiB. */
void vmem_randomize(void);
/* For struct vmem_map_args: a random place far from vmem_base. 0, anywhere, without vmem_randomize(). Costs up to three page tables. */
uintptr_t vmem_random_place(void);

struct vmem_pager {
	/*
	 * Give the page at @offset (bytes, page aligned) of @object: its direct-map address in *@page. With *@shared left false
	 * the page now belongs to the region; set true, it stays the pager's. Returns 0, -EIO or -ENOMEM. Must not sleep.
	 */
	int (*get_page)(void *object, uint64_t offset, void **page, bool *shared);
	/* A region that used @object was duplicated (split) or went away: adjust its reference count. */
	void (*ref)(void *object);
	void (*unref)(void *object);
};

struct vmem_map_args {
	uintptr_t addr; /* hint, or exact with @fixed */
	size_t size;
	unsigned prot; /* VMEM_* */
	bool read_only; /* and stays so: vmem_protect() does not make it writable */
	bool fixed; /* exact place; replaces what is there */
	bool no_replace; /* with @fixed: -EEXIST instead of replacing */
	uintptr_t below; /* without @fixed: the end must not be above this, as for MAP_32BIT; 0: anywhere */
	const struct vmem_pager *pager; /* NULL: anonymous */
	void *object; /* the reference passes to the region on success */
	uint64_t offset;
	const char *name; /* static string, for messages */
#ifdef CONFIG_CORE_PROCESSES
	unsigned owner; /* 0: nobody; see vmem_unmap_owned() */
#endif
};

/*
 * Reserve. Returns the address, or a negated errno (as a long in [-4095, -1]). VMEM_EXEC is -EACCES without CONFIG_MMAP_EXEC, here and
 * in vmem_protect().
 */
long vmem_map(const struct vmem_map_args *args);
/* As munmap(2) for whole pages. Returns 0; -EINVAL for a bad range or -ENOMEM, with nothing unmapped. Thread context. */
int vmem_unmap(uintptr_t addr, size_t size);
/* The same for callers that cannot sleep, maybe later. Preemption may be disabled. Failures are logged. */
void vmem_unmap_later(uintptr_t addr, size_t size);
#ifdef CONFIG_CORE_PROCESSES
/* Unmap all that was reserved for @owner, wherever it was moved to. Thread context. */
void vmem_unmap_owned(unsigned owner);

/*
 * What @owner's memory is now: reservations, and a copy of each page that is not shared. Nobody but the caller may be using that memory, then and at the end. Returns 0
 * and *@out, or -ENOMEM. Until the end no reservation is made at places that were @owner's. Thread context.
 */
struct vmem_snapshot;
int vmem_snapshot_take(unsigned owner, struct vmem_snapshot **out);
/* All of it as it was, and the snapshot is gone; -ENOMEM: parts are not. Of several of one owner the youngest first. */
int vmem_snapshot_restore(struct vmem_snapshot *s);
#endif
/*
 * As mprotect(2): @prot of VMEM_READ, VMEM_WRITE, VMEM_EXEC. Returns 0; -EINVAL for a bad range, -ENOMEM for a hole, -EACCES as above and
 * for what is read_only. Thread context. */
int vmem_protect(uintptr_t addr, size_t size, unsigned prot);
/* Drop the pages, keep the reservation: the next touch finds zeroes (or asks the pager again). Returns 0, -EINVAL or -ENOMEM as vmem_protect(). */
int vmem_discard(uintptr_t addr, size_t size);
/* Back every page now. -ENOMEM when memory runs out. */
int vmem_populate(uintptr_t addr, size_t size);
/* As mremap(2) with MREMAP_MAYMOVE when @may_move. Returns the new address or a negated errno. */
long vmem_remap(uintptr_t addr, size_t old_size, size_t new_size, bool may_move);
/* As mremap(2) with MREMAP_FIXED: to @to, where what is there goes. -EINVAL if old and new overlap. */
long vmem_remap_to(uintptr_t addr, size_t old_size, size_t new_size, uintptr_t to);

/*
 * Reserve a stack of @size bytes, and below it a page without access; at @place, if that is not 0 and free. Nothing is backed. Returns the
 * stack's lowest address, or a negated errno. To free it, unmap it from a page below its lowest address on.
 */
long vmem_stack_alloc(size_t size, uintptr_t place);

/*
 * A thread is about to use [addr, addr + size) as its stack, growing down from the end: back as much as the platform needs now. What is
 * behind the region's start, or not reserved, is left alone. -ENOMEM when memory runs out.
 */
int vmem_back_stack(uintptr_t addr, size_t size);

/*
 * The lowest address that a thread may use of the stack around @top - 1, of which vmem_back_stack() backed the @backed bytes below @top: where
 * the platform wants that, no more than those. 0 if nothing is mapped there.
 */
uintptr_t vmem_stack_lowest(uintptr_t top, size_t backed);

/* True if all of [addr, addr + size) may be accessed with @prot, touched or not. */
bool vmem_accessible(uintptr_t addr, size_t size, unsigned prot);

/* Is there a page behind @addr now? */
bool vmem_is_backed(uintptr_t addr);

/*
 * Physical address of @addr (kernel or user memory), backing it first if need be. Valid for the rest of its page, until the page is
 * unmapped: for DMA. Returns 0 or -EFAULT / -ENOMEM.
 */
int vmem_translate(const void *addr, bool write, paddr_t *pa);

/*
 * Hold the page of @addr for a device that reads it, or with @write writes it, backing it first if need be: whatever becomes of the mapping,
 * the page belongs to nobody else until vmem_unpin(*@at). *@at is where the kernel reaches it, in the direct map. Returns 1; 0 for memory that
 * stays anyway, the kernel's and the image's, and for another domain's, which who mapped it leaves mapped: *@at is @addr, and there is nothing to
 * unpin; -EFAULT or -ENOMEM. Any context.
 */
int vmem_pin(void *addr, bool write, void **at);
void vmem_unpin(const void *at);

/* A region as it is for a moment. */
struct vmem_region {
	uintptr_t start, end;
	unsigned prot; /* VMEM_* */
	uint64_t offset; /* in what the pager shows */
	bool paged; /* it has a pager: a file */
	const char *name; /* static string, or NULL */
	/* As it was reserved, for comparisons: the object may be gone. */
	const struct vmem_pager *pager;
	const void *object;
#ifdef CONFIG_CORE_PROCESSES
	unsigned owner;
#endif
};

/* The lowest region that ends above @from. False if there is none. Thread context. */
bool vmem_region_at(uintptr_t from, struct vmem_region *out);

/* Map device memory uncached. Returns NULL when no space is left. */
void *vmem_map_device(paddr_t pa, size_t size);

#endif
