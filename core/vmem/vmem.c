/* SPDX-License-Identifier: BSD-3-Clause */
/* Changes of the map. */
#include <core/vmem.h>

#include <core/errno.h>
#include <core/string.h>
#include <plat/pgtable.h>

#include "vmem.h"

_Static_assert(VMEM_READ == PT_READ && VMEM_WRITE == PT_WRITE && VMEM_EXEC == PT_EXEC, "protections pass through");

/* What a step looks at: one leaf table, which is freed when it gets empty. */
#define STEP (512 * PAGE_SIZE)

struct tree vmem_regions = REGION_SET_INIT;
struct spinlock vmem_lock = SPINLOCK_INIT("vmem: memory map");
static struct mutex change_lock = MUTEX_INIT(change_lock); /* one change of the map at a time */

void vmem_change_begin(void)
{
	if (thread_self())
		mutex_lock(&change_lock);
}

void vmem_change_end(void)
{
	if (thread_self())
		mutex_unlock(&change_lock);
}

bool vmem_bad_range(uintptr_t addr, size_t size)
{
	return !size || (addr | size) & ~PAGE_MASK || addr + size < addr;
}

bool vmem_outside(uintptr_t addr, size_t size)
{
	return addr < VMEM_LOWEST || addr >= VMEM_END || size > VMEM_END - addr;
}

bool vmem_covered(uintptr_t start, uintptr_t end)
{
	struct region *r = region_find(&vmem_regions, start);

	while (r && r->end < end) {
		struct region *next = region_next(r);

		if (!next || next->start != r->end)
			return false;
		r = next;
	}
	return r;
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
	if (r->pager)
		r->pager->ref(r->object);
	spin_lock(&vmem_lock);
	region_resize(&vmem_regions, r, r->start, addr);
	region_insert(&vmem_regions, upper);
	spin_unlock(&vmem_lock);
	return 0;
}

int vmem_split_edges(uintptr_t start, uintptr_t end)
{
	int ret = vmem_split_at(start);

	return ret ? ret : vmem_split_at(end);
}

static void page_gone(uint64_t pa, unsigned flags)
{
	if (!(flags & PT_SHARED))
		page_free(phys_to_virt(pa), 0);
}

/* The end of the step that begins at *@at, which moves over what has no pages. */
static uintptr_t step_from(uintptr_t *at, uintptr_t end)
{
	*at = plat_pt_next(*at, end);
	return MIN(end, ALIGN_DOWN(*at, STEP) + STEP);
}

/* A step of vmem_drop_pages(), with vmem_lock held. Returns where it ended. */
static uintptr_t drop_step(uintptr_t at, uintptr_t end)
{
	uintptr_t stop = step_from(&at, end);

	if (at < stop)
		plat_pt_unmap(at, stop, page_gone);
	return stop;
}

void vmem_drop_pages(uintptr_t start, uintptr_t end)
{
	while (start < end) {
		spin_lock(&vmem_lock);
		start = drop_step(start, end);
		spin_unlock(&vmem_lock);
	}
}

/* A step of vmem_clear(), with vmem_lock held. Returns where it ended. */
static uintptr_t clear_step(uintptr_t at, uintptr_t end, struct region **doomed)
{
	struct region *r = region_at_or_after(&vmem_regions, at);

	if (!r || r->start >= end)
		return end;
	at = drop_step(r->start, r->end);
	if (at == r->end) {
		region_remove(&vmem_regions, r);
		r->next_doomed = *doomed;
		*doomed = r;
	} else {
		r->offset += at - r->start;
		region_resize(&vmem_regions, r, at, r->end);
	}
	return at;
}

void vmem_clear(uintptr_t start, uintptr_t end, struct region *cover, struct region **doomed)
{
	for (uintptr_t at = start, done = start; at < end; done = at) {
		spin_lock(&vmem_lock);
		at = clear_step(at, end, doomed);
		if (cover && done != start) {
			region_resize(&vmem_regions, cover, start, at);
		} else if (cover) {
			cover->start = start;
			cover->end = at;
			region_insert(&vmem_regions, cover);
		}
		spin_unlock(&vmem_lock);
	}
}

void vmem_bury(struct region *doomed)
{
	while (doomed) {
		struct region *next = doomed->next_doomed;

		if (doomed->pager)
			doomed->pager->unref(doomed->object);
		kfree(doomed);
		doomed = next;
	}
}

/* Within a change. Returns the place, or a negated errno. */
static long choose_place(const struct vmem_map_args *a)
{
	uintptr_t low = a->below ? VMEM_LOWEST : vmem_base, high = a->below ? a->below : VMEM_END;
	uintptr_t place;

	if (a->fixed) {
		struct region *r = region_at_or_after(&vmem_regions, a->addr);

		if (vmem_bad_range(a->addr, a->size))
			return -EINVAL;
		if (vmem_outside(a->addr, a->size))
			return -ENOMEM;
		if (a->no_replace && r && r->start < a->addr + a->size)
			return -EEXIST;
		return a->addr;
	}
	if (a->addr && !vmem_bad_range(a->addr, a->size) && !vmem_outside(a->addr, a->size) && a->addr + a->size <= high &&
	    vmem_gap(a->size, a->addr, a->addr + a->size))
		return a->addr;
	place = high > low ? vmem_gap(a->size, low, high) : 0;
	return place ? (long)place : -ENOMEM;
}

static int put_region(struct region *r, uintptr_t place, const struct vmem_map_args *a, struct region **doomed)
{
	int ret = a->fixed ? vmem_split_edges(place, place + a->size) : 0;

	if (ret)
		return ret;
	*r = (struct region){ .prot = a->prot, .pager = a->pager, .object = a->object, .offset = a->offset, .name = a->name };
	r->read_only = a->read_only;
#ifdef CONFIG_CORE_PROCESSES
	r->owner = a->owner;
#endif
	vmem_clear(place, place + a->size, r, doomed);
	return 0;
}

long vmem_map(const struct vmem_map_args *a)
{
	struct region *r, *doomed = NULL;

	if (!a->size || a->size & ~PAGE_MASK || a->size > VMEM_END - VMEM_LOWEST)
		return a->size & ~PAGE_MASK || !a->size ? -EINVAL : -ENOMEM;
	if (!may_have(a->prot))
		return -EACCES;
	r = kmalloc(sizeof(*r));
	if (!r)
		return -ENOMEM;
	vmem_change_begin();
	long place = choose_place(a);
	int ret = place < 0 ? place : put_region(r, place, a, &doomed);

	vmem_change_end();
	vmem_bury(doomed);
	if (ret) {
		kfree(r);
		return ret;
	}
	return place;
}

/* Within a change. */
static int unmap(uintptr_t addr, size_t size, struct region **doomed)
{
	int ret = vmem_split_edges(addr, addr + size);

	if (!ret)
		vmem_clear(addr, addr + size, NULL, doomed);
	return ret;
}

int vmem_unmap(uintptr_t addr, size_t size)
{
	struct region *doomed = NULL;

	if (vmem_bad_range(addr, size))
		return -EINVAL;
	if (vmem_outside(addr, size))
		return 0;
	vmem_change_begin();
	int ret = unmap(addr, size, &doomed);

	vmem_change_end();
	vmem_bury(doomed);
	return ret;
}

/* Within a change: the pages of one region, after it; a fault in between finds the region's protection, and the page follows. */
static void protect_region(struct region *r, unsigned prot)
{
	spin_lock(&vmem_lock);
#ifdef CONFIG_CORE_PROCESSES
	r->was_writable |= r->prot & VMEM_WRITE && !(prot & VMEM_WRITE);
#endif
	r->prot = prot;
	spin_unlock(&vmem_lock);
	for (uintptr_t at = r->start; at < r->end;) {
		spin_lock(&vmem_lock);
		uintptr_t stop = step_from(&at, r->end);

		if (at < stop)
			plat_pt_protect(at, stop, prot);
		spin_unlock(&vmem_lock);
		at = stop;
	}
}

/* Within a change: may all regions of [start, end), which is covered, be protected so? */
static bool may_protect(uintptr_t start, uintptr_t end, unsigned prot)
{
	if (!(prot & VMEM_WRITE))
		return true;
	for (const struct region *r = region_find(&vmem_regions, start); r && r->start < end; r = region_next(r))
		if (r->read_only)
			return false;
	return true;
}

int vmem_protect(uintptr_t addr, size_t size, unsigned prot)
{
	uintptr_t end = addr + size;

	if (!size)
		return 0;
	if (vmem_bad_range(addr, size))
		return -EINVAL;
	if (!may_have(prot))
		return -EACCES;
	vmem_change_begin();
	int ret = !vmem_covered(addr, end) ? -ENOMEM : may_protect(addr, end, prot) ? vmem_split_edges(addr, end) : -EACCES;
	struct region *r = ret ? NULL : region_find(&vmem_regions, addr);

	for (; r && r->start < end; r = region_next(r))
		protect_region(r, prot);
	vmem_change_end();
	return ret;
}

bool vmem_unmap_now(uintptr_t addr, size_t size)
{
	struct region *doomed = NULL;

	if (!mutex_trylock(&change_lock))
		return false;
	int ret = unmap(addr, size, &doomed);

	mutex_unlock(&change_lock);
	vmem_bury(doomed);
	return !ret;
}

int vmem_discard(uintptr_t addr, size_t size)
{
	if (!size)
		return 0;
	if (vmem_bad_range(addr, size))
		return -EINVAL;
	vmem_change_begin();
	int ret = vmem_covered(addr, addr + size) ? 0 : -ENOMEM;

	vmem_drop_pages(addr, addr + size); /* also around a hole, as Linux does */
	vmem_change_end();
	return ret;
}
