/* SPDX-License-Identifier: BSD-3-Clause */
/* The set of regions: a treap by address, threaded by a sorted list. Pure data structure; the caller locks. */
#ifndef VMEM_REGION_H
#define VMEM_REGION_H

#include <core/list.h>
#include <core/vmem.h>

struct region {
	uintptr_t start, end;
	unsigned prot;
	const struct vmem_pager *pager;
	void *object;
	uint64_t offset; /* of @start in @object */
	const char *name;
	struct list link; /* in address order */
	struct region *left, *right;
	uint32_t priority;
};

struct region_set {
	struct region *root;
	struct list list;
	uint32_t seed;
};

void region_set_init(struct region_set *set);
void region_insert(struct region_set *set, struct region *r); /* must not overlap */
void region_remove(struct region_set *set, struct region *r);
/* First region that ends above @addr, or NULL. */
struct region *region_at_or_after(const struct region_set *set, uintptr_t addr);
/* The region that holds @addr, or NULL. */
struct region *region_find(const struct region_set *set, uintptr_t addr);
struct region *region_next(const struct region_set *set, const struct region *r);
/* Lowest gap of @size bytes within [low, high), or 0. */
uintptr_t region_gap(const struct region_set *set, size_t size, uintptr_t low, uintptr_t high);

#endif
