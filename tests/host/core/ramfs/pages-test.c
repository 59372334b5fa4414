/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The tree of pages against a simple model, with allocations that fail.
 * sources: core/ramfs/pages.c tests/host/stubs/alloc.c tests/host/stubs/sched.c
 */
#include <core/string.h>

#include "../../../../core/ramfs/pages.h"
#include "../../host.h"

#define SLOTS 4000

static struct pages tree;
static bool present[SLOTS];

/* Slots are spread so that several heights occur. */
static uint64_t index_of(unsigned slot)
{
	return slot < 1000 ? slot : slot < 2000 ? (uint64_t)slot * 700 : (uint64_t)slot << 30;
}

static void check_all(void)
{
	uint64_t count = 0, at = 0;

	for (unsigned i = 0; i < SLOTS; i++) {
		uint64_t *page = pages_get(&tree, index_of(i));

		CHECK(present[i] == (page != NULL));
		CHECK(!page || *page == index_of(i));
		if (present[i]) {
			CHECK_EQ(pages_next(&tree, at), index_of(i));
			at = index_of(i) + 1;
			count++;
		}
	}
	CHECK(pages_next(&tree, at) == UINT64_MAX);
	CHECK_EQ(tree.count, count);
}

static void make(unsigned slot)
{
	uint64_t *page;

	host_fail_after = rand() % 10 ? -1 : rand() % 4;
	page = pages_make(&tree, index_of(slot));
	CHECK(page || host_fail_after >= 0);
	host_fail_after = -1;
	if (!page)
		return;
	CHECK(*page == (present[slot] ? index_of(slot) : 0));
	*page = index_of(slot);
	present[slot] = true;
}

static void drop(unsigned a, unsigned b)
{
	unsigned first = MIN(a, b), last = MAX(a, b);

	for (uint64_t at = index_of(first), next; at < index_of(last); at = next) {
		uint64_t before = tree.count;

		next = pages_drop(&tree, at, index_of(last));
		CHECK(next > at && next <= index_of(last) && before - tree.count <= 512);
	}
	for (unsigned i = first; i < last; i++)
		present[i] = false;
}

/* A file of few pages takes no more than those. */
static void small_files(void)
{
	struct pages small = { 0 };
	long before = host_live;

	CHECK(pages_make(&small, 0) && pages_make(&small, 1));
	CHECK_EQ(host_live - before, 2);
	memset(pages_get(&small, 1), 7, PAGE_SIZE);
	CHECK_EQ(pages_clear(&small, 1, 2), 2);
	CHECK_EQ(*(char *)pages_get(&small, 1), 0);
	CHECK_EQ(pages_drop(&small, 0, 2), 2);
	CHECK(host_live == before && !small.count);
}

int main(void)
{
	srand(2);
	for (int round = 0; round < 300; round++) {
		for (int i = rand() % 200; i; i--)
			make(rand() % SLOTS);
		if (rand() % 3 == 0)
			drop(rand() % SLOTS, rand() % SLOTS);
		check_all();
	}
	CHECK(!pages_make(&tree, 1ULL << 60));
	small_files();
	for (uint64_t at = 0; at < UINT64_MAX;)
		at = pages_drop(&tree, at, UINT64_MAX);
	CHECK_EQ(tree.count, 0);
	CHECK_EQ(host_live, 0);
	CHECK(!tree.root && !tree.height);
	return 0;
}
