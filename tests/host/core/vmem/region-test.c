/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The region set against a plain table of pages: random insertions, removals, look-ups and searches for gaps.
 * sources: core/vmem/region.c core/base/tree.c
 */
#include "../../../../core/vmem/region.h"
#include "../../host.h"

#define PAGES 512
#define BASE 0x100000ul

static struct region *owner[PAGES];

static uintptr_t page_address(int page)
{
	return BASE + page * PAGE_SIZE;
}

static int fail(const char *what, int page)
{
	printf("not ok - %s at page %d\n", what, page);
	return 1;
}

static int check(const struct tree *set)
{
	struct region *next = NULL;

	for (int i = PAGES - 1; i >= 0; i--) {
		if (owner[i])
			next = owner[i];
		if (region_find(set, page_address(i) + 5) != owner[i])
			return fail("region_find", i);
		if (region_at_or_after(set, page_address(i)) != next)
			return fail("region_at_or_after", i);
	}
	return 0;
}

static int check_gap(const struct tree *set, int want)
{
	uintptr_t gap = region_gap(set, want * PAGE_SIZE, BASE, page_address(PAGES));
	int run = 0, first = -1;

	for (int i = 0; i < PAGES && first < 0; i++) {
		run = owner[i] ? 0 : run + 1;
		if (run == want)
			first = i - want + 1;
	}
	return gap == (first < 0 ? 0 : page_address(first)) ? 0 : fail("region_gap", first);
}

static unsigned steps;

static void counted_update(struct tree_node *n)
{
	steps++;
	region_update(n);
}

/* Beside many regions of a page with a gap of a page between them, a place for more is found, taken and left in few steps. */
static int many(void)
{
	struct tree set = TREE_INIT(region_before, counted_update);
	const int count = 16384;
	struct region *all = malloc(count * sizeof(*all)), more = { 0 };

	for (int i = 0; i < count; i++) {
		all[i] = (struct region){ .start = BASE + 2 * i * PAGE_SIZE, .end = BASE + (2 * i + 1) * PAGE_SIZE };
		region_insert(&set, &all[i]);
	}
	uintptr_t end = all[count - 1].end, high = end + 100 * PAGE_SIZE;

	CHECK_EQ(region_gap(&set, PAGE_SIZE, BASE, high), BASE + PAGE_SIZE);
	CHECK_EQ(region_gap(&set, PAGE_SIZE, all[7777].start, high), all[7777].end);
	CHECK_EQ(region_gap(&set, 2 * PAGE_SIZE, BASE, high), end);
	CHECK_EQ(region_gap(&set, 2 * PAGE_SIZE, BASE, end + PAGE_SIZE), 0);
	steps = 0;
	more.start = region_gap(&set, 2 * PAGE_SIZE, BASE, high);
	more.end = more.start + 2 * PAGE_SIZE;
	region_insert(&set, &more);
	region_remove(&set, &more);
	CHECK(steps < 200);
	region_remove(&set, &all[5000]);
	CHECK_EQ(region_gap(&set, 3 * PAGE_SIZE, BASE, high), all[4999].end);
	free(all);
	return 0;
}

int main(void)
{
	struct tree set = REGION_SET_INIT;

	srand(1);
	for (int round = 0; round < 20000; round++) {
		int start = rand() % PAGES, size = 1 + rand() % 8;

		if (owner[start]) {
			struct region *r = owner[start];

			if (rand() % 4 == 0 && r->end - r->start > PAGE_SIZE) { /* cut its first page */
				owner[(r->start - BASE) / PAGE_SIZE] = NULL;
				region_resize(&set, r, r->start + PAGE_SIZE, r->end);
				continue;
			}
			for (int i = 0; i < PAGES; i++)
				if (owner[i] == r)
					owner[i] = NULL;
			region_remove(&set, r);
			free(r);
		} else {
			struct region *r = malloc(sizeof(*r));
			int end = start;

			*r = (struct region){ 0 };

			while (end < PAGES && end < start + size && !owner[end])
				owner[end++] = r;
			r->start = page_address(start);
			r->end = page_address(end);
			region_insert(&set, r);
		}
		if (check(&set) || check_gap(&set, 1 + rand() % 20))
			return 1;
	}
	many();
	printf("ok - region set: 20000 random operations\n");
	return 0;
}
