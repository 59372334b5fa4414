/* SPDX-License-Identifier: BSD-3-Clause */
/* Grants that always work. */
#include <core/alloc.h>
#include <drivers/xen-grant.h>

int xen_grant_page_new(domid_t remote __unused, bool readonly __unused, struct xen_grant_page **out)
{
	static grant_ref_t last;
	struct xen_grant_page *p = kzalloc(sizeof(*p));

	p->data = page_alloc_zero();
	p->ref = ++last & 0xffff ? last & 0xffff : 1;
	*out = p;
	return 0;
}

bool xen_grant_page_end(struct xen_grant_page *p, unsigned *stuck __unused)
{
	page_free(p->data, 0);
	kfree(p);
	return true;
}
