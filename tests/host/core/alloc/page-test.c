/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Pages that devices hold: what is freed meanwhile is not given to others, and is free again with the last hold. Blocks, free pages and what is
 * no memory cannot be held.
 * sources: core/alloc/page.c tests/host/stubs/sched.c
 */
#include <core/alloc.h>
#include <core/errno.h>
#include <core/string.h>

#include "../../host.h"

#define FRAMES 5000ul

static char *memory;
static uint8_t map[FRAMES];

static void held_pages_stay(void)
{
	size_t free_before;
	char *p = page_alloc(0);

	CHECK_EQ(page_pin(virt_to_phys(p)), 0); /* which may take pages for the counts */
	free_before = page_available();
	CHECK_EQ(page_pin(virt_to_phys(p) + 17), 0);
	memset(p, 0x5a, PAGE_SIZE);
	page_free(p, 0);
	CHECK_EQ(page_available(), free_before);
	for (size_t i = 0; i < free_before; i++)
		CHECK(page_alloc(0) != p);
	CHECK(!page_alloc(0));
	for (unsigned i = 0; i < PAGE_SIZE; i++)
		CHECK(p[i] == 0x5a);
	page_unpin(virt_to_phys(p));
	CHECK_EQ(page_available(), 0);
	page_unpin(virt_to_phys(p));
	CHECK_EQ(page_available(), 1);
	CHECK(page_alloc(0) == p);
	/* Nobody frees it while it is held. */
	CHECK_EQ(page_pin(virt_to_phys(p)), 0);
	page_unpin(virt_to_phys(p));
	CHECK_EQ(page_available(), 0);
	page_free(p, 0);
	CHECK_EQ(page_available(), 1);
}

/* With memory for nothing but what is held. */
static void short_of_memory(void)
{
	char *p = page_alloc(0);

	CHECK(p && !page_available());
	CHECK_EQ(page_pin(virt_to_phys(p)), 0); /* its counts are there */
	page_unpin(virt_to_phys(p));
	CHECK_EQ(page_pin(3000 << PAGE_SHIFT), -ENOMEM); /* another page of counts */
	page_free(p, 0);
}

static void no_pages(void)
{
	page_add_range(4000 << PAGE_SHIFT, FRAMES << PAGE_SHIFT);
	char *block = page_alloc(2);
	char *p = page_alloc(0);

	CHECK_EQ(page_pin(virt_to_phys(block)), -EFAULT);
	CHECK_EQ(page_pin(virt_to_phys(block) + PAGE_SIZE), -EFAULT);
	CHECK_EQ(page_pin(0), -EFAULT); /* reserved */
	CHECK_EQ(page_pin(FRAMES << PAGE_SHIFT), -EFAULT);
	CHECK_EQ(page_pin(1ull << 50), -EFAULT);
	page_free(p, 0);
	CHECK_EQ(page_pin(virt_to_phys(p)), -EFAULT);
}

/* A count has an end: there it is an error. */
static void too_many(void)
{
	char *p = page_alloc(0);
	paddr_t pa = virt_to_phys(p);

	for (int i = 0; i < UINT16_MAX; i++)
		CHECK_EQ(page_pin(pa), 0);
	CHECK_EQ(page_pin(pa), -ENOMEM);
	for (int i = 0; i < UINT16_MAX; i++)
		page_unpin(pa);
	size_t before = page_available();

	page_free(p, 0);
	CHECK_EQ(page_available(), before + 1);
}

int main(void)
{
	memory = aligned_alloc(PAGE_SIZE, FRAMES << PAGE_SHIFT);
	page_init((uintptr_t)memory, FRAMES << PAGE_SHIFT, map);
	page_add_range(1 << PAGE_SHIFT, 2048 << PAGE_SHIFT);
	held_pages_stay();
	page_add_range(3000 << PAGE_SHIFT, 3001 << PAGE_SHIFT);
	CHECK(page_alloc(0));
	short_of_memory();
	no_pages();
	too_many();
	free(memory);
	return 0;
}
