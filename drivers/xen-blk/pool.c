/* SPDX-License-Identifier: BSD-3-Clause */
#include <core/alloc.h>
#include <core/log.h>

#include "disk.h"

#define PAGES_MAX 192

/* Of back ends that went without letting go. */
static struct pool_page *stuck;

static struct pool_page *make_page(struct pool *p)
{
	struct pool_page *page = kmalloc(sizeof(*page));

	if (!page)
		return NULL;
	page->data = page_alloc(0);
	int ref = page->data ? xen_grant_access(p->domid, page->data, false) : -1;

	if (ref < 0) {
		if (page->data)
			page_free(page->data, 0);
		kfree(page);
		return NULL;
	}
	page->ref = ref;
	p->count++;
	return page;
}

struct pool_page *pool_take(struct pool *p)
{
	struct pool_page *page = p->free;

	if (!page)
		return p->count == PAGES_MAX ? NULL : make_page(p);
	p->free = page->next;
	return page;
}

void pool_give(struct pool *p, struct pool_page *page)
{
	page->next = p->free;
	p->free = page;
}

unsigned pool_reserve(struct pool *p, unsigned count)
{
	struct pool_page *page;
	unsigned there = 0;

	for (page = p->free; page; page = page->next)
		there++;
	for (; there < count && (page = make_page(p)); there++)
		pool_give(p, page);
	return MIN(there, count);
}

/* Free what can be freed of a list. Returns the rest, and how many those are. */
static struct pool_page *take_back(struct pool_page *page, unsigned *left)
{
	struct pool_page *rest = NULL, *next;

	for (*left = 0; page; page = next) {
		next = page->next;
		if (xen_grant_end(page->ref)) {
			page->next = rest;
			rest = page;
			++*left;
		} else {
			page_free(page->data, 0);
			kfree(page);
		}
	}
	return rest;
}

void pool_drain(struct pool *p, const char *name)
{
	unsigned old, left;

	stuck = take_back(stuck, &old);
	p->free = take_back(p->free, &left);
	if (left)
		pr_warn("%s: %u pages stay with its back end, which has them mapped", name, left);
	while (p->free) {
		struct pool_page *page = p->free;

		p->free = page->next;
		page->next = stuck;
		stuck = page;
	}
	p->count = 0;
}
