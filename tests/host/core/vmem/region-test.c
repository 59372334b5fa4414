/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The region set against a plain table of pages: random insertions, removals, look-ups and searches for gaps.
 * sources: core/vmem/region.c
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

static int check(const struct region_set *set)
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

static int check_gap(const struct region_set *set, int want)
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

int main(void)
{
	struct region_set set;

	region_set_init(&set);
	srand(1);
	for (int round = 0; round < 20000; round++) {
		int start = rand() % PAGES, size = 1 + rand() % 8;

		if (owner[start]) {
			struct region *r = owner[start];

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
	printf("ok - region set: 20000 random operations\n");
	return 0;
}
