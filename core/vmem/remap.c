/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Moving a region: its pages go to the new place a piece at a time, and with each piece the old region shrinks and the new one grows, so that
 * a fault in between finds either. Less than a leaf table's worth a piece: the tables of the old place stay until all is moved, and the way
 * back, should memory for tables run out, needs none.
 */
#include <core/errno.h>
#include <plat/pgtable.h>

#include "vmem.h"

#define PIECE (128 * PAGE_SIZE)

static void no_page(uint64_t pa __unused, unsigned flags __unused)
{
}

/*
 * With vmem_lock held: carry the pages of [from, from + size), a piece at most, to @to. The tables for @to may not be had: -ENOMEM. Pages
 * of other domains stay where they were put: -EFAULT.
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

/* A move under way: [old->end - left, old->end) has not been moved. */
struct move {
	struct region *old, *new;
	uintptr_t from, to;
	size_t size, done;
};

/* With vmem_lock held: let the edges follow what is done. */
static void set_edges(struct move *m, size_t done)
{
	struct region *old = m->old, *new = m->new;

	if (done > m->done && !m->done) {
		new->start = m->to;
		new->end = m->to + done;
		region_insert(&vmem_regions, new);
	} else if (!done && m->done) {
		region_remove(&vmem_regions, new);
	} else {
		region_resize(&vmem_regions, new, m->to, m->to + done);
	}
	old->offset += done - m->done;
	if (done == m->size)
		region_remove(&vmem_regions, old);
	else
		region_resize(&vmem_regions, old, m->from + done, m->from + m->size);
	m->done = done;
}

/* One piece on. */
static int step(struct move *m)
{
	spin_lock(&vmem_lock);
	uintptr_t at = plat_pt_next(m->from + m->done, m->from + m->size);
	uintptr_t stop = MIN(m->from + m->size, ALIGN_DOWN(at, PIECE) + PIECE);
	int ret = at < stop ? move_pages(at, m->to + (at - m->from), stop - at) : 0;

	if (!ret)
		set_edges(m, stop - m->from);
	spin_unlock(&vmem_lock);
	return ret;
}

/* All that is done back. */
static void undo(struct move *m)
{
	while (m->done) {
		size_t begin = ALIGN_DOWN(m->from + m->done - 1, PIECE) < m->from
		                       ? 0
		                       : ALIGN_DOWN(m->from + m->done - 1, PIECE) - m->from;

		spin_lock(&vmem_lock);
		move_pages(m->to + begin, m->from + begin, m->done - begin);
		set_edges(m, begin);
		spin_unlock(&vmem_lock);
	}
}

/* Within a change: @old to @to, as a region of @size. The old region lands on *@doomed. */
static long move(struct region *old, uintptr_t to, size_t size, struct region **doomed)
{
	struct move m = { .old = old, .from = old->start, .to = to, .size = old->end - old->start };
	int ret = 0;

	m.new = kmalloc(sizeof(*m.new));
	if (!m.new)
		return -ENOMEM;
	*m.new = *old;
	while (!ret && m.done < m.size)
		ret = step(&m);
	if (ret) {
		undo(&m);
		kfree(m.new);
		return ret;
	}
	if (old->pager)
		old->pager->ref(old->object);
	spin_lock(&vmem_lock);
	region_resize(&vmem_regions, m.new, to, to + size);
	spin_unlock(&vmem_lock);
	vmem_drop_pages(m.from, m.from + m.size); /* the tables */
	old->next_doomed = *doomed;
	*doomed = old;
	return to;
}

/* Within a change: the region that is exactly [addr, addr + size), cutting a larger one. */
static int isolate(uintptr_t addr, size_t size, struct region **out)
{
	struct region *r = region_find(&vmem_regions, addr);

	if (!r || r->end < addr + size)
		return -EFAULT;
	int ret = vmem_split_edges(addr, addr + size);

	*out = region_find(&vmem_regions, addr);
	return ret;
}

static long grow(struct region *r, size_t size, bool may_move, struct region **doomed)
{
	size_t old = r->end - r->start;
	uintptr_t place = vmem_gap(size - old, r->end, MIN(r->start + size, VMEM_END));

	if (place) {
		spin_lock(&vmem_lock);
		region_resize(&vmem_regions, r, r->start, r->start + size);
		spin_unlock(&vmem_lock);
		return r->start;
	}
	place = may_move ? vmem_gap(size, vmem_base, VMEM_END) : 0;
	return place ? move(r, place, size, doomed) : -ENOMEM;
}

static bool bad_sizes(uintptr_t addr, size_t old_size, size_t new_size)
{
	return vmem_bad_range(addr, old_size) || vmem_bad_range(addr, new_size) || vmem_outside(addr, old_size);
}

long vmem_remap(uintptr_t addr, size_t old_size, size_t new_size, bool may_move)
{
	struct region *r, *doomed = NULL;

	if (bad_sizes(addr, old_size, new_size))
		return -EINVAL;
	if (new_size <= old_size) {
		int ret = new_size < old_size ? vmem_unmap(addr + new_size, old_size - new_size) : 0;

		return ret ? ret : (long)addr;
	}
	vmem_change_begin();
	long place = isolate(addr, old_size, &r);

	if (!place)
		place = grow(r, new_size, may_move, &doomed);
	vmem_change_end();
	vmem_bury(doomed);
	return place;
}

long vmem_remap_to(uintptr_t addr, size_t old_size, size_t new_size, uintptr_t to)
{
	size_t kept = MIN(old_size, new_size);
	struct region *r, *doomed = NULL;

	if (bad_sizes(addr, old_size, new_size) || vmem_bad_range(to, new_size) ||
	    (to < addr + old_size && addr < to + new_size))
		return -EINVAL;
	if (vmem_outside(to, new_size))
		return -ENOMEM;
	vmem_change_begin();
	long place = isolate(addr, kept, &r);

	if (!place)
		place = vmem_split_edges(to, to + new_size);
	if (!place && kept < old_size)
		place = vmem_split_at(addr + old_size);
	if (!place) {
		vmem_clear(to, to + new_size, NULL, &doomed);
		place = move(r, to, new_size, &doomed);
	}
	if (place > 0 && kept < old_size)
		vmem_clear(addr + kept, addr + old_size, NULL, &doomed);
	vmem_change_end();
	vmem_bury(doomed);
	return place;
}
