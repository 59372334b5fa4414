/* SPDX-License-Identifier: BSD-3-Clause */
#include "pool.h"

int pool_grant(struct granted *pages, unsigned count, domid_t remote, bool readonly)
{
	for (unsigned i = 0; i < count; i++) {
		struct xen_grant_page *p;
		int ret = xen_grant_page_new(remote, readonly, &p);

		if (ret)
			return ret;
		pages[i] = (struct granted){ p->data, p->ref, p };
	}
	return 0;
}

void pool_release(struct granted *pages, unsigned count, unsigned *stuck)
{
	for (unsigned i = 0; i < count; i++) {
		if (pages[i].shared)
			xen_grant_page_end(pages[i].shared, stuck);
		pages[i] = (struct granted){ 0 };
	}
}
