/* SPDX-License-Identifier: BSD-3-Clause */
/* Space for a range of a file, all or nothing: what was made for a request that fails in the end is taken back. */
#include <core/alloc.h>
#include <core/errno.h>

#include "internal.h"

/* Pages that one request made, [first, last). */
struct run {
	struct run *next;
	uint64_t first, last;
};

static bool note(struct run **runs, uint64_t index)
{
	struct run *r = *runs;

	if (r && r->last == index) {
		r->last++;
		return true;
	}
	r = kmalloc(sizeof(*r));
	if (!r)
		return false;
	*r = (struct run){ .next = *runs, .first = index, .last = index + 1 };
	*runs = r;
	return true;
}

/* Take back from @keep on: below, a mapping may show them by now. */
static void finish(struct ramfs_inode *r, struct run *runs, uint64_t keep)
{
	while (runs) {
		struct run *next = runs->next;
		uint64_t first = MAX(runs->first, keep);

		if (first < runs->last)
			ramfs_remove(r, first, runs->last);
		kfree(runs);
		runs = next;
	}
}

static bool make(struct ramfs_inode *r, struct run **runs, uint64_t index)
{
	if (ramfs_page(r, index, false))
		return true;
	return note(runs, index) && ramfs_page(r, index, true);
}

int ramfs_reserve(struct ramfs_inode *r, uint64_t from, uint64_t to)
{
	uint64_t first = from / PAGE_SIZE, last = DIV_ROUND_UP(to, PAGE_SIZE), at = first;
	struct run *runs = NULL;

	/* Not for nothing: at most all that the file has lies in the range. */
	if (last - first > r->pages.count + space_left(r->base.sb))
		return -ENOSPC;
	while (at < last && make(r, &runs, at))
		at++;
	finish(r, runs, at == last ? UINT64_MAX : r->maps ? DIV_ROUND_UP((uint64_t)r->base.size, PAGE_SIZE) : 0);
	return at == last ? 0 : -ENOSPC;
}
