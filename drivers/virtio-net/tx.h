/* SPDX-License-Identifier: BSD-3-Clause */
/* Sending: a frame is copied into slots, which the device gives back once it is sent (virtio 1.2, section 5.1.6.2). The nic's lock is held. */
#ifndef VIRTIO_NET_TX_H
#define VIRTIO_NET_TX_H

#include "slots.h"

struct tx {
	struct virtq *queue;
	unsigned count, idle; /* of slots, and those that are free */
	uint16_t first_idle;
	struct slot slots[SLOTS_MAX];
};

/* @tx->queue is set. Returns 0 or -ENOMEM. */
int tx_alloc(struct tx *tx);
/* Send a copy of @frame. Returns 0, -EAGAIN while there is no room (an interrupt follows), -EINVAL, -EMSGSIZE, or -EPROTO. */
int tx_send(struct tx *tx, const void *frame, size_t len);
/* Is there room for the longest frame? Returns 1, 0 (an interrupt follows), or -EPROTO if the device has broken the protocol. */
int tx_ready(struct tx *tx);

#endif
