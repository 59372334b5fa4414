/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Receiving: every ring entry has a page, which the back end fills (copy mode). Frames wait in their pages until somebody takes them, which
 * gives the pages back at once: the ring is the queue, and its memory is bounded. Callers hold the device's lock.
 */
#ifndef XEN_NET_RX_H
#define XEN_NET_RX_H

#include "pool.h"
#include "abi.h"

#define RX_SLOTS RING_ENTRIES

struct rx {
	struct xen_ring ring;
	struct granted shared; /* the ring's page */
	struct granted pages[RX_SLOTS];
	bool posted[RX_SLOTS]; /* the back end has the page */
	bool notify; /* the back end wants to hear of the pages that it got back */
};

/* Give all pages to the back end, on a fresh ring; pages and ring are granted. */
void rx_start(struct rx *rx);
/*
 * Is a whole frame there? 1, 0 (then the next event is asked for), or -EPROTO for a back end that does not keep to the protocol; the ring is
 * not to be touched any more then.
 */
int rx_ready(struct rx *rx);
/*
 * Take the oldest frame into @buf (NET_FRAME_MAX bytes; NULL: drop it). Returns its length, 0 when it was damaged or dropped, -EAGAIN when
 * there is none (then the next event is asked for), or -EPROTO.
 */
ssize_t rx_take(struct rx *rx, void *buf);
/*
 * On an event: drop the oldest frames when too many wait, and all of those when nobody reads (@open false), so that the back end never finds
 * its ring full, and ask for an event when that is due again. A reader must be woken: it asks for its own. Returns 0 or -EPROTO.
 */
int rx_limit(struct rx *rx, bool open);

#endif
