/* SPDX-License-Identifier: BSD-3-Clause */
/* The kernel's heap used wrongly. What CONFIG_DEBUG_MEMORY must find; without it, some go unseen. */
#include "selftest.h"

#include <core/alloc.h>
#include <core/string.h>

#define SIZE 100 /* of the small objects here */
#define ROUNDS 20000 /* enough for what waits in quarantine to leave it */

static void churn(void)
{
	for (int i = 0; i < ROUNDS; i++)
		kfree(kmalloc(SIZE));
}

static void double_free(void)
{
	void *volatile p = kmalloc(SIZE);

	kfree(p);
	kfree(p);
}

static void use_after_free(void)
{
	char *volatile p = kmalloc(SIZE);

	kfree(p);
	p[10] = 1;
	churn();
}

static void use_after_free_read(void)
{
	char **volatile p = kzalloc(SIZE);

	kfree(p);
	**p = 1; /* what was a pointer points nowhere */
}

static void write_past_end(void)
{
	char *volatile p = kmalloc(SIZE);

	p[SIZE] = 1;
	kfree(p);
}

static void write_before_start(void)
{
	char *volatile p = kmalloc(SIZE);

	p[-1] = 1;
	kfree(p);
}

static void write_past_large(void)
{
	char *volatile p = kmalloc(3 * PAGE_SIZE);

	p[3 * PAGE_SIZE] = 1;
	kfree(p);
}

static void free_of_nothing(void)
{
	static char object[64];

	kfree(object + 32);
}

static void page_after_free(void)
{
	char *volatile page = page_alloc(0);

	page_free(page, 0);
	page[100] = 1;
	for (int i = 0; i < 10; i++)
		page = page_alloc(0);
}

const struct selftest selftest_heap[] = {
	{ "double_free", double_free },
	{ "use_after_free", use_after_free },
	{ "use_after_free_read", use_after_free_read },
	{ "write_past_end", write_past_end },
	{ "write_before_start", write_before_start },
	{ "write_past_large", write_past_large },
	{ "free_of_nothing", free_of_nothing },
	{ "page_after_free", page_after_free },
	{ NULL, NULL },
};
