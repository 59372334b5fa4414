/* SPDX-License-Identifier: BSD-3-Clause */
#include <core/alloc.h>
#include <core/string.h>

#include "pages.h"

#define BITS 9
#define WAYS (1u << BITS)
#define MAX_HEIGHT 6 /* 2^54 pages: more than an off_t can address */
#define CLEAR_STEP 16 /* pages */

/* Indexes below this exist at @height. */
static uint64_t span(unsigned height)
{
	return 1ULL << (BITS * height);
}

static unsigned way(uint64_t index, unsigned height)
{
	return (index >> (BITS * (height - 1))) & (WAYS - 1);
}

void *pages_get(const struct pages *p, uint64_t index)
{
	void *node = p->root;

	if (index < PAGES_FEW)
		return p->few[index];
	if (index >= span(p->height))
		return NULL;
	for (unsigned h = p->height; h && node; h--)
		node = ((void **)node)[way(index, h)];
	return node;
}

/* Add levels on top until @index fits. */
static bool grow(struct pages *p, uint64_t index)
{
	while (index >= span(p->height)) {
		if (p->height == MAX_HEIGHT)
			return false;
		if (p->root) {
			void **node = page_alloc_spare();

			if (!node)
				return false;
			node[0] = p->root;
			p->root = node;
		}
		p->height++;
	}
	return true;
}

static bool is_empty(void **node)
{
	for (unsigned i = 0; i < WAYS; i++)
		if (node[i])
			return false;
	return true;
}

/* Drop [first, last) of the subtree in *@slot, whose lowest index is @base. Recursion depth is at most MAX_HEIGHT. */
static void drop(struct pages *p, void **slot, unsigned height, uint64_t base, uint64_t first, uint64_t last)
{
	void **node = *slot;
	uint64_t step;

	if (!node || base >= last || base + span(height) <= first)
		return;
	if (!height) {
		page_free(node, 0);
		p->count--;
		*slot = NULL;
		return;
	}
	step = span(height - 1);
	for (unsigned i = 0; i < WAYS; i++)
		drop(p, &node[i], height - 1, base + i * step, first, last);
	if (is_empty(node)) {
		page_free(node, 0);
		*slot = NULL;
	}
	if (!p->root)
		p->height = 0;
}

/* The slot of the page at @index, with the nodes to it. NULL when out of memory, maybe with some of them. */
static void **make_slot(struct pages *p, uint64_t index)
{
	void **slot = &p->root;

	if (index < PAGES_FEW)
		return &p->few[index];
	if (!grow(p, index))
		return NULL;
	for (unsigned h = p->height; h; h--) {
		if (!*slot)
			*slot = page_alloc_spare();
		if (!*slot)
			return NULL;
		slot = (void **)*slot + way(index, h);
	}
	return slot;
}

void *pages_make(struct pages *p, uint64_t index)
{
	void **slot = make_slot(p, index);

	if (slot && *slot)
		return *slot;
	void *page = slot ? page_alloc_spare() : NULL;

	if (page) {
		*slot = page;
		p->count++;
	} else if (index >= PAGES_FEW) {
		drop(p, &p->root, p->height, 0, index, index + 1); /* nodes that would stay empty */
	}
	return page;
}

uint64_t pages_drop(struct pages *p, uint64_t first, uint64_t last)
{
	uint64_t at = pages_next(p, first), stop = MIN(last, ALIGN_DOWN(at, (uint64_t)WAYS) + WAYS);

	if (at >= last)
		return last;
	for (; at < PAGES_FEW && at < stop; at++) {
		if (!p->few[at])
			continue;
		page_free(p->few[at], 0);
		p->few[at] = NULL;
		p->count--;
	}
	drop(p, &p->root, p->height, 0, at, stop);
	return stop;
}

static uint64_t next(void **node, unsigned height, uint64_t base, uint64_t from)
{
	uint64_t step;

	if (!node || base + span(height) <= from)
		return UINT64_MAX;
	if (!height)
		return base;
	step = span(height - 1);
	for (unsigned i = 0; i < WAYS; i++) {
		uint64_t found = next(node[i], height - 1, base + i * step, from);

		if (found != UINT64_MAX)
			return found;
	}
	return UINT64_MAX;
}

uint64_t pages_next(const struct pages *p, uint64_t from)
{
	for (; from < PAGES_FEW; from++)
		if (p->few[from])
			return from;
	return next(p->root, p->height, 0, from);
}

uint64_t pages_clear(struct pages *p, uint64_t first, uint64_t last)
{
	uint64_t i = pages_next(p, first);

	for (int n = 0; n < CLEAR_STEP && i < last; n++) {
		memset(pages_get(p, i), 0, PAGE_SIZE);
		i = pages_next(p, i + 1);
	}
	return MIN(i, last);
}
