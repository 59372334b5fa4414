/* SPDX-License-Identifier: BSD-3-Clause */
/* The pages of a file, by index: a radix tree of 512-way nodes that grows with the highest index. The caller locks. */
#ifndef CORE_RAMFS_PAGES_H
#define CORE_RAMFS_PAGES_H

#include <core/base.h>

struct pages {
	void *root; /* at height 0 the page of index 0, else a node */
	unsigned height;
	uint64_t count; /* pages present */
};

/* The page at @index, or NULL. */
void *pages_get(const struct pages *p, uint64_t index);
/* The page at @index, made of zeroes if it is missing. NULL when out of memory. */
void *pages_make(struct pages *p, uint64_t index);
/* Free the pages in [first, last), and nodes that become empty. */
void pages_drop(struct pages *p, uint64_t first, uint64_t last);
/* Clear the pages in [first, last) that are present. */
void pages_clear(struct pages *p, uint64_t first, uint64_t last);
/* First index >= @from that is present; UINT64_MAX if none. */
uint64_t pages_next(const struct pages *p, uint64_t from);

#endif
