/* SPDX-License-Identifier: BSD-3-Clause */
/* Pages that the back end may access, for as long as the device is connected. */
#ifndef XEN_NET_POOL_H
#define XEN_NET_POOL_H

#include <drivers/xen-grant.h>

struct granted {
	void *page;
	grant_ref_t ref;
	struct xen_grant_page *shared; /* NULL: none */
};

/* Grant @count new, cleared pages to @remote. Returns 0, or -ENOMEM with some granted. Thread context. */
int pool_grant(struct granted *pages, unsigned count, domid_t remote, bool readonly);
/* Take back what pool_grant() gave. *@stuck counts the pages that the back end still has mapped, until it lets go. Thread context. */
void pool_release(struct granted *pages, unsigned count, unsigned *stuck);

#endif
