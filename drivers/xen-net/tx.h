/* SPDX-License-Identifier: BSD-3-Clause */
/* Sending: frames are copied into granted pages of a pool, which come back with the responses. Callers hold the device's lock. */
#ifndef XEN_NET_TX_H
#define XEN_NET_TX_H

#include "pool.h"
#include "abi.h"

#define TX_SLOTS 64u

struct tx {
	struct xen_ring ring;
	struct granted shared; /* the ring's page */
	struct granted pages[TX_SLOTS];
	uint8_t idle[TX_SLOTS]; /* the pages at hand, @idle_count of them */
	unsigned idle_count;
	bool in_flight[TX_SLOTS];
	bool scatter; /* the back end takes frames of several pages */
	uint64_t refused; /* frames' pieces that the back end did not send */
};

/* Start with all pages at hand, on a fresh ring; pages and ring are granted. */
void tx_start(struct tx *tx, bool scatter);
/*
 * Send a frame. Returns 1 when the back end must be notified, 0 when not, -EAGAIN when there is no room (then an event is asked for),
 * -EMSGSIZE, -EINVAL as net_dev.send, or -EPROTO for a back end that does not keep to the protocol.
 */
int tx_send(struct tx *tx, const void *frame, size_t len);
/* Is there room for the longest frame? 1, 0 (then an event is asked for), or -EPROTO. */
int tx_ready(struct tx *tx);

#endif
