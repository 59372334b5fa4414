/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * kmalloc() over pages that are counted: contents survive, pages come back, and one object that comes and goes costs no pages.
 * sources: core/alloc/kmalloc.c tests/host/stubs/sched.c
 */
#include <core/alloc.h>
#include <core/string.h>

#include "../../host.h"

#define OBJECTS 2000

static long live, made;

void *page_alloc(unsigned order)
{
	live++;
	made++;
	return aligned_alloc(PAGE_SIZE, PAGE_SIZE << order);
}

void page_free(void *page, unsigned order __unused)
{
	live--;
	free(page);
}

unsigned page_order(const void *page __unused)
{
	return 0;
}

static void comes_and_goes(void)
{
	for (size_t size = 1; size <= 2016; size += 7) {
		kfree(kmalloc(size));
		long before = made;

		for (int i = 0; i < 100; i++)
			kfree(kmalloc(size));
		CHECK_EQ(made, before);
	}
}

static void random_operations(void)
{
	static unsigned char *objects[OBJECTS];
	static size_t sizes[OBJECTS];

	for (int round = 0; round < 100000; round++) {
		unsigned i = rand() % OBJECTS;

		if (objects[i]) {
			for (size_t at = 0; at < sizes[i]; at++)
				CHECK(objects[i][at] == (unsigned char)(i ^ at));
			kfree(objects[i]);
			objects[i] = NULL;
			continue;
		}
		sizes[i] = 1 + rand() % (rand() % 4 ? 100 : 2016);
		objects[i] = kmalloc(sizes[i]);
		CHECK(objects[i] && (uintptr_t)objects[i] % 16 == 0);
		for (size_t at = 0; at < sizes[i]; at++)
			objects[i][at] = (unsigned char)(i ^ at);
	}
	for (unsigned i = 0; i < OBJECTS; i++)
		kfree(objects[i]);
	/* A page a class is kept. */
	CHECK(live <= 14);
}

int main(void)
{
	srand(3);
	comes_and_goes();
	random_operations();
	return 0;
}
