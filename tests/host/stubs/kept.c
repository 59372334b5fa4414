/* SPDX-License-Identifier: BSD-3-Clause */
/* core/alloc for code whose memory lives for ever: what a test's round allocated is freed by the test. */
#include "kept.h"

#include <core/alloc.h>
#include <core/string.h>

#include "../host.h"

#define KEPT_MAX 300

static void *kept[KEPT_MAX];
unsigned kept_count;
int kept_pages_left = -1;

static void *keep(void *p)
{
	CHECK(p && kept_count < KEPT_MAX);
	return kept[kept_count++] = p;
}

void kept_free(void)
{
	while (kept_count)
		free(kept[--kept_count]);
}

void *kzalloc(size_t size)
{
	return keep(memset(malloc(size), 0, size));
}

void kfree(void *p __unused)
{
}

void *page_alloc_zero(void)
{
	if (!kept_pages_left)
		return NULL;
	kept_pages_left--;
	return keep(memset(aligned_alloc(PAGE_SIZE, PAGE_SIZE), 0, PAGE_SIZE));
}

/* Only for pages that were just allocated. */
void page_free(void *p, unsigned order)
{
	CHECK(!order);
	for (unsigned i = kept_count; i--;) {
		if (kept[i] != p)
			continue;
		free(p);
		kept[i] = kept[--kept_count];
		return;
	}
	CHECK(false);
}

paddr_t virt_to_phys(const void *p)
{
	return (paddr_t)p;
}
