/* SPDX-License-Identifier: BSD-3-Clause */
#include <core/log.h>

#include "disk.h"

#define PAGES_MAX 192

static struct xen_grant_page *make_page(struct pool *p)
{
	struct xen_grant_page *page;

	if (xen_grant_page_new(p->domid, false, &page))
		return NULL;
	p->count++;
	return page;
}

struct xen_grant_page *pool_take(struct pool *p)
{
	struct xen_grant_page *page = p->free;

	if (!page)
		return p->count == PAGES_MAX ? NULL : make_page(p);
	p->free = page->next;
	return page;
}

void pool_give(struct pool *p, struct xen_grant_page *page)
{
	page->next = p->free;
	p->free = page;
}

unsigned pool_reserve(struct pool *p, unsigned count)
{
	struct xen_grant_page *page;
	unsigned there = 0;

	for (page = p->free; page; page = page->next)
		there++;
	for (; there < count && (page = make_page(p)); there++)
		pool_give(p, page);
	return MIN(there, count);
}

void pool_drain(struct pool *p, const char *name)
{
	unsigned left = 0;

	while (p->free) {
		struct xen_grant_page *page = p->free;

		p->free = page->next;
		left += !xen_grant_page_end(page, NULL);
	}
	if (left)
		pr_warn("%s: %u pages stay with its back end, which has them mapped", name, left);
	p->count = 0;
}
