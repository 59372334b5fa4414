/* SPDX-License-Identifier: BSD-3-Clause */
#include "region.h"

void region_set_init(struct region_set *set)
{
	set->root = NULL;
	list_init(&set->list);
	set->seed = 0x9e3779b9;
}

/* xorshift32: the treap needs numbers that are spread out, not secret ones. */
static uint32_t next_priority(struct region_set *set)
{
	set->seed ^= set->seed << 13;
	set->seed ^= set->seed >> 17;
	set->seed ^= set->seed << 5;
	return set->seed;
}

/* Split by address: everything that starts below @addr goes to *@low, the rest to *@high. */
static void split(struct region *node, uintptr_t addr, struct region **low, struct region **high)
{
	while (node) {
		if (node->start < addr) {
			*low = node;
			low = &node->right;
			node = node->right;
		} else {
			*high = node;
			high = &node->left;
			node = node->left;
		}
	}
	*low = *high = NULL;
}

static void merge(struct region **link, struct region *low, struct region *high)
{
	while (low && high) {
		if (low->priority > high->priority) {
			*link = low;
			link = &low->right;
			low = low->right;
		} else {
			*link = high;
			link = &high->left;
			high = high->left;
		}
	}
	*link = low ? low : high;
}

void region_insert(struct region_set *set, struct region *r)
{
	struct region *next = region_at_or_after(set, r->start);
	struct region **link = &set->root;

	list_add_before(next ? &next->link : &set->list, &r->link);
	r->priority = next_priority(set);
	while (*link && (*link)->priority >= r->priority)
		link = r->start < (*link)->start ? &(*link)->left : &(*link)->right;
	split(*link, r->start, &r->left, &r->right);
	*link = r;
}

void region_remove(struct region_set *set, struct region *r)
{
	struct region **link = &set->root;

	while (*link != r)
		link = r->start < (*link)->start ? &(*link)->left : &(*link)->right;
	merge(link, r->left, r->right);
	list_del(&r->link);
}

struct region *region_at_or_after(const struct region_set *set, uintptr_t addr)
{
	struct region *best = NULL;

	for (struct region *r = set->root; r;) {
		if (r->end > addr) {
			best = r;
			r = r->left;
		} else {
			r = r->right;
		}
	}
	return best;
}

struct region *region_find(const struct region_set *set, uintptr_t addr)
{
	struct region *r = region_at_or_after(set, addr);

	return r && r->start <= addr ? r : NULL;
}

struct region *region_next(const struct region_set *set, const struct region *r)
{
	return r->link.next == &set->list ? NULL : list_entry(r->link.next, struct region, link);
}

uintptr_t region_gap(const struct region_set *set, size_t size, uintptr_t low, uintptr_t high)
{
	const struct region *r = region_at_or_after(set, low);

	if (size > high - low)
		return 0;
	for (; r && (r->start < low || r->start - low < size); r = region_next(set, r))
		low = r->end;
	return low <= high && high - low >= size ? low : 0;
}
