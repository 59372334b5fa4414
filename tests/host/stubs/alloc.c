/* SPDX-License-Identifier: BSD-3-Clause */
/* core/alloc over the C library's allocator, so that the sanitizers see everything; failures on demand. */
#include <core/alloc.h>
#include <core/string.h>

#include "../host.h"

long host_fail_after = -1;
long host_live;
bool (*page_reclaim)(size_t pages);

static bool fails(void)
{
	if (host_fail_after < 0)
		return false;
	if (!host_fail_after)
		return true;
	host_fail_after--;
	return false;
}

static void *counted(void *p)
{
	host_live += p != NULL;
	return p;
}

void *page_alloc(unsigned order)
{
	return fails() ? NULL : counted(aligned_alloc(PAGE_SIZE, PAGE_SIZE << order));
}

void *page_alloc_zero(void)
{
	void *p = page_alloc(0);

	return p ? memset(p, 0, PAGE_SIZE) : NULL;
}

void *page_alloc_spare(void)
{
	return page_alloc_zero();
}

void page_free(void *page, unsigned order)
{
	(void)order;
	host_live--;
	free(page);
}

size_t page_total(void)
{
	return 1000;
}

size_t page_reserve(void)
{
	return 10;
}

size_t page_available(void)
{
	return 500;
}

void *kmalloc(size_t size)
{
	return fails() ? NULL : counted(malloc(size ? size : 1));
}

void *kzalloc(size_t size)
{
	void *p = kmalloc(size);

	return p ? memset(p, 0, size) : NULL;
}

void kfree(void *p)
{
	host_live -= p != NULL;
	free(p);
}

char *kstrdup(const char *s)
{
	char *p = kmalloc(strlen(s) + 1);

	return p ? memcpy(p, s, strlen(s) + 1) : NULL;
}
