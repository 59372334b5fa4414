/* SPDX-License-Identifier: BSD-3-Clause */
#include <core/alloc.h>

#include "disk.h"

#define PAGES_MAX 192

struct pool_page *pool_take(struct pool *p)
{
	struct pool_page *page = p->free;

	if (page) {
		p->free = page->next;
		return page;
	}
	if (p->count == PAGES_MAX)
		return NULL;
	page = kmalloc(sizeof(*page));
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

void pool_give(struct pool *p, struct pool_page *page)
{
	page->next = p->free;
	p->free = page;
}
