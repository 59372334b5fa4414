/* SPDX-License-Identifier: BSD-3-Clause */
/* Receiving: the device fills slots, one or several for a frame (virtio 1.2, section 5.1.6.3 and 5.1.6.4). The nic's lock is held. */
#ifndef VIRTIO_NET_RX_H
#define VIRTIO_NET_RX_H

#include "slots.h"

struct rx {
	struct virtq *queue;
	unsigned count; /* of slots */
	bool mergeable; /* a frame may take several of them */
	unsigned wanted; /* of slots for the oldest frame; 0: not known yet */
	unsigned first, filled; /* of @arrived */
	struct {
		uint16_t slot;
		uint32_t length;
	} arrived[SLOTS_MAX]; /* filled by the device and not taken yet, the oldest first: a ring */
	struct slot slots[SLOTS_MAX];
};

/* @rx->queue and @mergeable are set. Allocate slots; after virtio_ready() rx_start() hands them to the device. Returns 0 or -ENOMEM. */
int rx_alloc(struct rx *rx);
void rx_start(struct rx *rx);
/* Has a whole frame arrived? Returns 1, 0 (an interrupt follows when more arrives), or -EPROTO if the device has broken the protocol. */
int rx_ready(struct rx *rx);
/*
 * Copy the oldest frame to @buf of NET_FRAME_MAX bytes, NULL to drop it. Returns its length, 0 if it was dropped or damaged, -EAGAIN if there is
 * none, or -EPROTO.
 */
ssize_t rx_take(struct rx *rx, void *buf);
/*
 * Drop the oldest frames if nearly all slots are filled, so that the newest ones are there once the reader comes back; without a reader
 * (@open false) drop all. Returns 0 or -EPROTO.
 */
int rx_limit(struct rx *rx, bool open);

#endif
