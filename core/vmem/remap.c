/* SPDX-License-Identifier: BSD-3-Clause */
#include <core/errno.h>
#include <plat/pgtable.h>

#include "vmem.h"

static void no_page(uint64_t pa __unused, unsigned flags __unused)
{
}

/*
 * With the lock held: carry the pages of [from, from + size) to @to. The tables for @to may not be had: -ENOMEM. Pages of other domains stay
 * where they were put: -EFAULT.
 */
static int move_pages(uintptr_t from, uintptr_t to, size_t size)
{
	for (size_t at = 0; at < size; at += PAGE_SIZE) {
		unsigned flags;
		uint64_t pa;

		if (!plat_pt_lookup(from + at, &pa, &flags))
			continue;
		int ret = flags & PT_FOREIGN ? -EFAULT : plat_pt_map(to + at, pa, flags);

		if (ret) {
			plat_pt_unmap(to, to + size, no_page);
			return ret;
		}
	}
	plat_pt_unmap(from, from + size, no_page);
	return 0;
}

/* With the lock held: the region that is exactly [addr, addr + size), cutting a larger one. */
static int isolate(uintptr_t addr, size_t size, struct region **out)
{
	struct region *r = region_find(&vmem_regions, addr);

	if (!r || r->end < addr + size)
		return -EFAULT;
	int ret = vmem_split_at(addr);

	if (!ret)
		ret = vmem_split_at(addr + size);
	*out = region_find(&vmem_regions, addr);
	return ret;
}

static long grow(struct region *r, size_t size, bool may_move)
{
	size_t old = r->end - r->start;
	uintptr_t place = region_gap(&vmem_regions, size - old, r->end, MIN(r->start + size, VMEM_END));

	if (place) {
		r->end = r->start + size;
		return r->start;
	}
	if (!may_move)
		return -ENOMEM;
	place = region_gap(&vmem_regions, size, VMEM_BASE, VMEM_END);
	if (!place)
		return -ENOMEM;
	int ret = move_pages(r->start, place, old);

	if (ret)
		return ret;
	region_remove(&vmem_regions, r);
	r->start = place;
	r->end = place + size;
	region_insert(&vmem_regions, r);
	return place;
}

long vmem_remap(uintptr_t addr, size_t old_size, size_t new_size, bool may_move)
{
	struct region *r;

	if ((addr | old_size | new_size) & ~PAGE_MASK || !old_size || !new_size)
		return -EINVAL;
	if (new_size <= old_size) {
		int ret = new_size < old_size ? vmem_unmap(addr + new_size, old_size - new_size) : 0;

		return ret ? ret : (long)addr;
	}
	spin_lock(&vmem_lock);
	long place = isolate(addr, old_size, &r);

	if (!place)
		place = grow(r, new_size, may_move);
	spin_unlock(&vmem_lock);
	return place;
}
