/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The pages of a file, by index: the first few in place, behind them a radix tree of 512-way nodes that grows with the highest index. The
 * caller locks. What works on a range does it in steps, of a bounded time each, so that the lock can be free in between.
 */
#ifndef CORE_RAMFS_PAGES_H
#define CORE_RAMFS_PAGES_H

#include <core/base.h>

#define PAGES_FEW 4

struct pages {
	void *few[PAGES_FEW]; /* the pages of these indexes are not in the tree */
	void *root; /* a node; NULL at height 0 */
	unsigned height;
	uint64_t count; /* pages present */
};

/* The page at @index, or NULL. */
void *pages_get(const struct pages *p, uint64_t index);
/* The page at @index, made of zeroes if it is missing. NULL when out of memory, or short of it: page_alloc_spare(). */
void *pages_make(struct pages *p, uint64_t index);
/* A step of freeing the pages in [first, last), and nodes that become empty. Returns where the next step begins, @last at the end. */
uint64_t pages_drop(struct pages *p, uint64_t first, uint64_t last);
/* A step of clearing the pages in [first, last) that are present. As above. */
uint64_t pages_clear(struct pages *p, uint64_t first, uint64_t last);
/* First index >= @from that is present; UINT64_MAX if none. */
uint64_t pages_next(const struct pages *p, uint64_t from);

#endif
