/* SPDX-License-Identifier: BSD-3-Clause */
#include "region.h"

static struct region *region(const struct tree_node *n)
{
	return n ? tree_entry((struct tree_node *)(uintptr_t)n, struct region, node) : NULL;
}

static struct region *left(const struct region *r)
{
	return region(r->node.left);
}

static struct region *right(const struct region *r)
{
	return region(r->node.right);
}

bool region_before(const struct tree_node *a, const struct tree_node *b)
{
	return region(a)->start < region(b)->start;
}

void region_update(struct tree_node *n)
{
	struct region *r = region(n);
	const struct region *l = left(r), *h = right(r);

	r->lowest = l ? l->lowest : r->start;
	r->highest = h ? h->highest : r->end;
	r->gap = MAX(l ? MAX(l->gap, r->start - l->highest) : 0, h ? MAX(h->gap, h->lowest - r->end) : 0);
}

void region_insert(struct tree *set, struct region *r)
{
	tree_insert(set, &r->node);
}

void region_remove(struct tree *set, struct region *r)
{
	tree_remove(set, &r->node);
}

void region_resize(struct tree *set, struct region *r, uintptr_t start, uintptr_t end)
{
	r->start = start;
	r->end = end;
	tree_update(set, &r->node);
}

struct region *region_at_or_after(const struct tree *set, uintptr_t addr)
{
	struct region *best = NULL;

	for (struct region *r = region(set->root); r;) {
		if (r->end > addr) {
			best = r;
			r = left(r);
		} else {
			r = right(r);
		}
	}
	return best;
}

struct region *region_find(const struct tree *set, uintptr_t addr)
{
	struct region *r = region_at_or_after(set, addr);

	return r && r->start <= addr ? r : NULL;
}

struct region *region_next(const struct region *r)
{
	return region(tree_next(&r->node));
}

/* The lowest gap of @size in a subtree that has one. */
static uintptr_t lowest_gap(const struct region *r, size_t size)
{
	for (;;) {
		const struct region *l = left(r), *h = right(r);

		if (l && l->gap >= size) {
			r = l;
			continue;
		}
		if (l && r->start - l->highest >= size)
			return l->highest;
		if (h->lowest - r->end >= size)
			return r->end;
		r = h;
	}
}

/* Where the first gap of @size behind @r starts: at the latest behind the last region. */
static uintptr_t gap_behind(const struct region *r, size_t size)
{
	for (;;) {
		const struct region *h = right(r);

		if (h && h->lowest - r->end >= size)
			return r->end;
		if (h && h->gap >= size)
			return lowest_gap(h, size);
		uintptr_t end = h ? h->highest : r->end;
		const struct tree_node *n = &r->node;

		while (n->parent && n->parent->right == n)
			n = n->parent;
		r = region(n->parent);
		if (!r || r->start - end >= size)
			return end;
	}
}

uintptr_t region_gap(const struct tree *set, size_t size, uintptr_t low, uintptr_t high)
{
	const struct region *r = region_at_or_after(set, low);

	if (r && (r->start < low || r->start - low < size))
		low = gap_behind(r, size);
	return low <= high && high - low >= size ? low : 0;
}
