/* SPDX-License-Identifier: BSD-3-Clause */
#include <core/vmem.h>

#include <core/backtrace.h>
#include <core/errno.h>
#include <core/init.h>
#include <core/log.h>
#include <core/string.h>
#include <plat/pgtable.h>
#include <plat/thread.h>

#include "vmem.h"

_Static_assert(VMEM_READ == PT_READ && VMEM_WRITE == PT_WRITE && VMEM_EXEC == PT_EXEC, "protections pass through");

struct region_set vmem_regions = { .list = LIST_INIT(vmem_regions.list), .seed = 0x9e3779b9 };
struct spinlock vmem_lock = SPINLOCK_INIT("vmem: memory map");

static bool bad_range(uintptr_t addr, size_t size)
{
	return !size || (addr | size) & ~PAGE_MASK || addr + size < addr;
}

static bool outside(uintptr_t addr, size_t size)
{
	return addr < VMEM_BASE || addr >= VMEM_END || size > VMEM_END - addr;
}

static void page_gone(uint64_t pa, unsigned flags)
{
	if (!(flags & PT_SHARED))
		page_free(phys_to_virt(pa), 0);
}

/* What was written at run time becomes code only where a library asked for that. */
static bool may_have(unsigned prot)
{
#ifdef CONFIG_MMAP_EXEC
	(void)prot;
	return true;
#else
	return !(prot & VMEM_EXEC);
#endif
}

int vmem_split_at(uintptr_t addr)
{
	struct region *r = region_find(&vmem_regions, addr);

	if (!r || r->start == addr)
		return 0;
	struct region *upper = kmalloc(sizeof(*upper));

	if (!upper)
		return -ENOMEM;
	*upper = *r;
	upper->offset += addr - r->start;
	upper->start = addr;
	r->end = addr;
	region_insert(&vmem_regions, upper);
	if (r->pager)
		r->pager->ref(r->object);
	return 0;
}

static int split_edges(uintptr_t start, uintptr_t end)
{
	int ret = vmem_split_at(start);

	return ret ? ret : vmem_split_at(end);
}

void vmem_detach(uintptr_t start, uintptr_t end, struct list *doomed)
{
	struct region *r = region_at_or_after(&vmem_regions, start), *next;

	for (; r && r->start < end; r = next) {
		next = region_next(&vmem_regions, r);
		plat_pt_unmap(r->start, r->end, page_gone);
		region_remove(&vmem_regions, r);
		list_push_back(doomed, &r->link);
	}
}

void vmem_bury(struct list *doomed)
{
	struct region *r, *next;

	list_for_each_safe(r, next, doomed, link) {
		if (r->pager)
			r->pager->unref(r->object);
		kfree(r);
	}
}

/* With the lock held. Returns the place, or a negated errno. */
static long choose_place(const struct vmem_map_args *a)
{
	uintptr_t place;

	if (a->fixed) {
		struct region *r = region_at_or_after(&vmem_regions, a->addr);

		if (bad_range(a->addr, a->size))
			return -EINVAL;
		if (outside(a->addr, a->size))
			return -ENOMEM;
		if (a->no_replace && r && r->start < a->addr + a->size)
			return -EEXIST;
		return a->addr;
	}
	if (a->addr && !bad_range(a->addr, a->size) && !outside(a->addr, a->size) &&
	    region_gap(&vmem_regions, a->size, a->addr, a->addr + a->size))
		return a->addr;
	place = region_gap(&vmem_regions, a->size, VMEM_BASE, VMEM_END);
	return place ? (long)place : -ENOMEM;
}

long vmem_map(const struct vmem_map_args *a)
{
	struct list doomed = LIST_INIT(doomed);
	struct region *r;

	if (!a->size || a->size & ~PAGE_MASK || a->size > VMEM_END - VMEM_BASE)
		return a->size & ~PAGE_MASK || !a->size ? -EINVAL : -ENOMEM;
	if (!may_have(a->prot))
		return -EACCES;
	r = kmalloc(sizeof(*r));
	if (!r)
		return -ENOMEM;
	spin_lock(&vmem_lock);
	long place = choose_place(a);
	int ret = place < 0 ? place : 0;

	if (!ret && a->fixed)
		ret = split_edges(place, place + a->size);
	if (!ret) {
		vmem_detach(place, place + a->size, &doomed);
		*r = (struct region){ .start = place,
			              .end = place + a->size,
			              .prot = a->prot,
			              .pager = a->pager,
			              .object = a->object,
			              .offset = a->offset,
			              .name = a->name };
		region_insert(&vmem_regions, r);
	}
	spin_unlock(&vmem_lock);
	vmem_bury(&doomed);
	if (ret) {
		kfree(r);
		return ret;
	}
	return place;
}

int vmem_unmap(uintptr_t addr, size_t size)
{
	struct list doomed = LIST_INIT(doomed);

	if (bad_range(addr, size))
		return -EINVAL;
	if (outside(addr, size))
		return 0;
	spin_lock(&vmem_lock);
	int ret = split_edges(addr, addr + size);

	if (!ret)
		vmem_detach(addr, addr + size, &doomed);
	spin_unlock(&vmem_lock);
	vmem_bury(&doomed);
	return ret;
}

/* With the lock held: is all of the range reserved? */
static bool covered(uintptr_t start, uintptr_t end)
{
	struct region *r = region_find(&vmem_regions, start);

	while (r && r->end < end) {
		struct region *next = region_next(&vmem_regions, r);

		if (!next || next->start != r->end)
			return false;
		r = next;
	}
	return r;
}

int vmem_protect(uintptr_t addr, size_t size, unsigned prot)
{
	uintptr_t end = addr + size;

	if (!size)
		return 0;
	if (bad_range(addr, size))
		return -EINVAL;
	if (!may_have(prot))
		return -EACCES;
	spin_lock(&vmem_lock);
	int ret = covered(addr, end) ? split_edges(addr, end) : -ENOMEM;

	if (!ret) {
		struct region *r = region_find(&vmem_regions, addr);

		for (; r && r->start < end; r = region_next(&vmem_regions, r))
			r->prot = prot;
		plat_pt_protect(addr, end, prot);
	}
	spin_unlock(&vmem_lock);
	return ret;
}

int vmem_discard(uintptr_t addr, size_t size)
{
	if (!size)
		return 0;
	if (bad_range(addr, size))
		return -EINVAL;
	spin_lock(&vmem_lock);
	int ret = covered(addr, addr + size) ? 0 : -ENOMEM;

	if (!ret)
		plat_pt_unmap(addr, addr + size, page_gone);
	spin_unlock(&vmem_lock);
	return ret;
}

int vmem_populate(uintptr_t addr, size_t size)
{
	for (uintptr_t va = addr; va < addr + size; va += PAGE_SIZE) {
		unsigned flags;
		uint64_t pa;
		enum fault_result result = FAULT_MENDED;

		spin_lock(&vmem_lock);
		if (!plat_pt_lookup(va, &pa, &flags))
			result = vmem_fault_locked(va, VMEM_READ);
		spin_unlock(&vmem_lock);
		if (result != FAULT_MENDED)
			return result == FAULT_NO_MEMORY ? -ENOMEM : -EFAULT;
	}
	return 0;
}

int vmem_back_stack(uintptr_t addr, size_t size)
{
	uintptr_t end = ALIGN_UP(addr + size, PAGE_SIZE);

	if (!plat_stacks_backed() || outside(addr & PAGE_MASK, size))
		return 0;
	spin_lock(&vmem_lock);
	struct region *r = region_find(&vmem_regions, end - PAGE_SIZE);
	uintptr_t start = r ? MAX(r->start, addr & PAGE_MASK) : end;
	bool usable = r && r->prot & VMEM_WRITE;

	spin_unlock(&vmem_lock);
	return usable ? vmem_populate(start, end - start) : 0;
}

uintptr_t vmem_stack_lowest(uintptr_t top, size_t backed)
{
	spin_lock(&vmem_lock);
	struct region *r = region_find(&vmem_regions, top - 1);
	uintptr_t lowest = r ? r->start : 0;

	spin_unlock(&vmem_lock);
	return lowest && plat_stacks_backed() && top - lowest > backed ? top - backed : lowest;
}

static bool mapped_elsewhere(uintptr_t addr, size_t size, unsigned prot)
{
	for (uintptr_t va = addr & PAGE_MASK; va < addr + size; va += PAGE_SIZE) {
		unsigned flags;
		uint64_t pa;

		if (is_direct_mapped((void *)va))
			continue;
		if (!plat_pt_lookup(va, &pa, &flags) || (flags & prot) != prot)
			return false;
	}
	return true;
}

bool vmem_accessible(uintptr_t addr, size_t size, unsigned prot)
{
	bool ok = true;

	if (!size)
		return true;
	if (addr + size < addr)
		return false;
	spin_lock(&vmem_lock);
	if (outside(addr, size)) {
		ok = mapped_elsewhere(addr, size, prot);
	} else {
		struct region *r = region_find(&vmem_regions, addr);

		ok = covered(addr, addr + size);
		for (; ok && r && r->start < addr + size; r = region_next(&vmem_regions, r))
			ok = (r->prot & prot) == prot;
	}
	spin_unlock(&vmem_lock);
	return ok;
}

int vmem_translate(const void *p, bool write, paddr_t *pa)
{
	uintptr_t va = (uintptr_t)p & PAGE_MASK;
	unsigned flags, want = write ? PT_WRITE : PT_READ;
	int ret = 0;

	if (is_direct_mapped(p)) {
		*pa = virt_to_phys(p);
		return 0;
	}
	spin_lock(&vmem_lock);
	if (!plat_pt_lookup(va, pa, &flags) || !(flags & want)) {
		enum fault_result result = vmem_fault_locked(va, want);

		if (result != FAULT_MENDED || !plat_pt_lookup(va, pa, &flags))
			ret = result == FAULT_NO_MEMORY ? -ENOMEM : -EFAULT;
	}
	if (!ret && flags & PT_FOREIGN)
		ret = -EFAULT;
	spin_unlock(&vmem_lock);
	*pa += (uintptr_t)p & ~PAGE_MASK;
	return ret;
}

void *vmem_map_device(paddr_t pa, size_t size)
{
	paddr_t first = pa & PAGE_MASK;
	size_t whole = ALIGN_UP(pa + size, PAGE_SIZE) - first;
	long va = vmem_map(&(struct vmem_map_args){ .size = whole, .name = "device" });

	if (va < 0)
		return NULL;
	for (size_t at = 0; at < whole; at += PAGE_SIZE) {
		spin_lock(&vmem_lock);
		int ret = plat_pt_map(va + at, first + at, PT_READ | PT_WRITE | PT_DEVICE | PT_SHARED);

		spin_unlock(&vmem_lock);
		if (ret) {
			vmem_unmap(va, whole);
			return NULL;
		}
	}
	return (void *)(va + (pa - first));
}

bool vmem_is_backed(uintptr_t addr)
{
	unsigned flags;
	uint64_t pa;

	spin_lock(&vmem_lock);
	bool backed = plat_pt_lookup(addr & PAGE_MASK, &pa, &flags);

	spin_unlock(&vmem_lock);
	return backed;
}

/* For backtraces in the middle of a fault: without causing another. */
static bool can_read(uintptr_t addr, size_t size)
{
	return vmem_accessible(addr, size, VMEM_READ) && (is_direct_mapped((void *)addr) || vmem_is_backed(addr));
}

static int vmem_init(void)
{
	backtrace_readable = can_read;
	return 0;
}
INITCALL(INIT_SERVICES, vmem_init);
