/* SPDX-License-Identifier: BSD-3-Clause */
/* Pages that the back end may access, for as long as the device is connected. */
#ifndef XEN_NET_POOL_H
#define XEN_NET_POOL_H

#include <drivers/xen-grant.h>

struct granted {
	void *page; /* NULL: none yet */
	grant_ref_t ref;
};

/*
 * Grant @count pages to @remote, allocating those that are missing (cleared: nothing of ours shall be read). A page that a former back end
 * still has mapped is left to it, and replaced. Returns 0, -ENOMEM or -ENOSPC; call again to complete. Thread context.
 */
int pool_grant(struct granted *pages, unsigned count, domid_t remote, bool readonly);
/* Give up what pool_grant() got, as far as the back end has not mapped it. Thread context. */
void pool_release(struct granted *pages, unsigned count);

#endif
