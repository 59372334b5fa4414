/* SPDX-License-Identifier: BSD-3-Clause */
/* The set of regions: a tree by address that knows the largest gap below each node. Pure data structure; the caller locks. */
#ifndef VMEM_REGION_H
#define VMEM_REGION_H

#include <core/tree.h>
#include <core/vmem.h>

struct region {
	struct tree_node node;
	uintptr_t start, end;
	unsigned prot;
	bool read_only; /* see struct vmem_map_args */
	const struct vmem_pager *pager;
	void *object;
	uint64_t offset; /* of @start in @object */
	const char *name;
#ifdef CONFIG_CORE_PROCESSES
	unsigned owner;
	bool was_writable; /* and is not any more: its pages may not be the file's */
#endif
	struct region *next_doomed; /* out of the set, to be freed */
	/* Of the subtree: where its first region starts, its last one ends, and the largest gap between two of it. */
	uintptr_t lowest, highest;
	size_t gap;
};

/* An empty set, as a constant. */
#define REGION_SET_INIT TREE_INIT(region_before, region_update)

bool region_before(const struct tree_node *a, const struct tree_node *b);
void region_update(struct tree_node *n);

void region_insert(struct tree *set, struct region *r); /* must not overlap */
void region_remove(struct tree *set, struct region *r);
/* Change the edges of @r, which stays between its neighbours. */
void region_resize(struct tree *set, struct region *r, uintptr_t start, uintptr_t end);
/* First region that ends above @addr, or NULL. */
struct region *region_at_or_after(const struct tree *set, uintptr_t addr);
/* The region that holds @addr, or NULL. */
struct region *region_find(const struct tree *set, uintptr_t addr);
/* The one behind @r, or NULL. */
struct region *region_next(const struct region *r);
/* Lowest gap of @size bytes, more than 0, within [low, high), or 0. */
uintptr_t region_gap(const struct tree *set, size_t size, uintptr_t low, uintptr_t high);

#endif
