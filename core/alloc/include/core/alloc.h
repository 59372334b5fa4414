/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Memory of the kernel: pages and small objects.
 *
 * All of it is in the direct map: always mapped, readable and writable, never demand-faulted. Allocation never sleeps and
 * may be called from interrupt handlers.
 */
#ifndef CORE_ALLOC_H
#define CORE_ALLOC_H

#include <core/base.h>

/* Largest block: 2^PAGE_ORDER_MAX pages. */
#define PAGE_ORDER_MAX 14

typedef uint64_t paddr_t;

/*
 * Boot: first say where physical memory starts being direct-mapped (@direct_base: the address of physical 0) and how far it reaches;
 * @map is one byte for each page frame below @end, cleared, in the direct map. Then hand over the ranges that are free and mapped.
 */
void page_init(uintptr_t direct_base, paddr_t end, uint8_t *map);
void page_add_range(paddr_t start, paddr_t end);

/* 2^order contiguous pages, not cleared. Returns the direct-map address, or NULL. */
void *page_alloc(unsigned order);
void page_free(void *page, unsigned order);
/*
 * The single page at @pa, which page_alloc(0) gave, stays what it is, freed or not, until page_unpin() was called as often: for what a device
 * reads and writes of a program's. Returns 0; -EFAULT: there is no such page; -ENOMEM. Any context.
 */
int page_pin(paddr_t pa);
void page_unpin(paddr_t pa);
/* The least order of a block of @size bytes, which may be more than there can be. */
static inline unsigned page_order_of_size(size_t size)
{
	unsigned order = 0;

	while ((PAGE_SIZE << order) < size)
		order++;
	return order;
}

/*
 * Called, if CONFIG_CORE_ALLOC_RECLAIM is chosen and it is not NULL, when memory is short: give back about @pages pages of what can be had again.
 * Returns whether there were any. Any context, with any lock but page_lock held: it takes only its own spin lock. Set by an initialiser.
 */
extern bool (*page_reclaim)(size_t pages);

/* The order with which the block that starts at @page was allocated. */
unsigned page_order(const void *page);

/* One cleared page, or NULL. */
void *page_alloc_zero(void);
/*
 * The same for what may grow without limit and can be refused, as files do: NULL also when no more than page_reserve() pages are free. Those
 * are for the kernel and for the memory that programs touch, where a shortage ends the domain.
 */
void *page_alloc_spare(void);
size_t page_reserve(void);

size_t page_total(void); /* pages handed to the allocator */
size_t page_available(void); /* pages free now */

/* Direct map: physical address of kernel memory from the functions here, and back. */
bool is_direct_mapped(const void *p);
paddr_t virt_to_phys(const void *p);
void *phys_to_virt(paddr_t pa);

/* @size bytes, 16-byte aligned (page aligned when >= PAGE_SIZE). NULL when out of memory. @size 0 gives a unique pointer. */
void *kmalloc(size_t size);
void *kzalloc(size_t size);
void *krealloc(void *p, size_t size);
void kfree(void *p); /* NULL is allowed */
char *kstrdup(const char *s);

/* CONFIG_DEBUG_MEMORY: what freed memory is filled with. */
#define ALLOC_FREED_WORD 0x6b6b6b6b6b6b6b6bull

/* CONFIG_DEBUG_MEMORY: look for writes to freed objects now, and end the image if there are. Any context. */
#ifdef CONFIG_DEBUG_MEMORY
void alloc_check(void);
#else
static inline void alloc_check(void)
{
}
#endif

#endif
