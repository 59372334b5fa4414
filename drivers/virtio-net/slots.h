/* SPDX-License-Identifier: BSD-3-Clause */
/* The memory of a queue: pieces of frames, as many as the queue has entries. */
#ifndef VIRTIO_NET_SLOTS_H
#define VIRTIO_NET_SLOTS_H

#include <core/base.h>
#include <core/net.h>
#include <drivers/virtio.h>

#define SLOT_SIZE 2048u /* holds what every frame without offloads needs: 12 + 1518 bytes */
#define SLOTS_MAX 256
/* In front of each frame (virtio 1.2, section 5.1.6): twelve bytes, all zero without offloads but for the count of buffers at the end. */
#define FRAME_HEADER 12u
#define FRAME_BUFFERS_OFFSET 10u
/* Pieces of the longest frame. */
#define FRAME_PIECES_MAX DIV_ROUND_UP(FRAME_HEADER + NET_FRAME_MAX, SLOT_SIZE)

struct slot {
	uint8_t *data; /* SLOT_SIZE bytes, physically contiguous */
	uint16_t next; /* of the same frame, or the next free one */
};

/* Give @count slots cleared memory. Returns 0, or -ENOMEM with nothing allocated. */
int slots_alloc(struct slot *slots, unsigned count);

#endif
