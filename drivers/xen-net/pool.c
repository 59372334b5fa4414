/* SPDX-License-Identifier: BSD-3-Clause */
#include "pool.h"

#include <core/alloc.h>
#include <core/errno.h>
#include <core/log.h>

static int grant_one(struct granted *g, domid_t remote, bool readonly)
{
	if (g->ref && xen_grant_end(g->ref)) {
		pr_warn("xen-net: grant %u is still in use, its page is lost", g->ref);
		g->page = NULL;
	}
	g->ref = 0;
	if (!g->page)
		g->page = page_alloc_zero();
	if (!g->page)
		return -ENOMEM;
	int ref = xen_grant_access_frame(remote, virt_to_phys(g->page), readonly);

	if (ref < 0)
		return ref;
	g->ref = ref;
	return 0;
}

void pool_release(struct granted *pages, unsigned count)
{
	for (unsigned i = 0; i < count; i++) {
		if (pages[i].ref && xen_grant_end(pages[i].ref))
			continue;
		if (pages[i].page)
			page_free(pages[i].page, 0);
		pages[i] = (struct granted){ 0 };
	}
}

int pool_grant(struct granted *pages, unsigned count, domid_t remote, bool readonly)
{
	int ret = 0;

	for (unsigned i = 0; i < count && !ret; i++)
		ret = grant_one(&pages[i], remote, readonly);
	return ret;
}
