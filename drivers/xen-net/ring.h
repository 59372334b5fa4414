/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The front end's side of a shared ring (ring.h of Xen's interface). The other side may write anything into the page at any time: indices
 * are checked when they are read, and what depends on entries copies them first.
 */
#ifndef XEN_NET_RING_H
#define XEN_NET_RING_H

#include "abi.h"

struct ring {
	struct ring_page *page;
	uint32_t req_prod; /* requests written; those up to page->req_prod are visible */
	uint32_t rsp_cons; /* responses taken */
};

/* Start over on @page. */
void ring_init(struct ring *r, struct ring_page *page);
/* How many responses wait, or -EPROTO when there are more than requests without one. */
int ring_responses(const struct ring *r);
/* Show the requests written so far to the back end. Returns whether it wants to be notified. */
bool ring_push(struct ring *r);
/* Ask for a notification when response number @index (free running) is there; look at the ring again afterwards. */
void ring_arm(struct ring *r, uint32_t index);

#endif
