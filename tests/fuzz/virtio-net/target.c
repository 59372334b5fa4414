/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A network device that writes what it likes into the rings and the slots of both queues: each call ends, in a frame, an error or nothing.
 * sources: drivers/virtio/queue.c drivers/virtio-net/rx.c drivers/virtio-net/tx.c drivers/virtio-net/slots.c tests/fuzz/stubs/quiet.c tests/host/stubs/sched.c
 * sources: tests/host/stubs/kept.c
 */
#include <core/errno.h>
#include <core/string.h>

#include "../../../drivers/virtio-net/rx.h"
#include "../../../drivers/virtio-net/tx.h"
#include "../../../drivers/virtio/internal.h"
#include "../../host/stubs/kept.h"
#include "../fuzz.h"

#define SIZE 16

static struct rx rx;
static struct tx tx;
static struct virtq_addresses rings[2];
static uint16_t doorbell;
static uint8_t frame[NET_FRAME_MAX + 1];
/* The device uses an entry: its number and length are the input's. */
static void use(const struct virtq_addresses *at, struct input *in)
{
	uint16_t *used = (uint16_t *)at->device;
	uint32_t *entry = (uint32_t *)(used + 2 + 4 * (used[1] % SIZE));

	entry[0] = take8(in) % (SIZE + 1);
	entry[1] = take16(in);
	used[1]++;
}

static void scribble(struct input *in)
{
	unsigned where = take8(in), at = take16(in);
	uint8_t value = take8(in);

	if (where % 4 == 0)
		((uint8_t *)rings[where / 4 % 2].device)[at % (4 + SIZE * 8 + 2)] = value;
	else if (where % 4 == 1)
		rx.slots[where / 4 % SIZE].data[FRAME_BUFFERS_OFFSET + at % 2] = value;
	else
		rx.slots[where / 4 % SIZE].data[at % SLOT_SIZE] = value;
}

static void step(struct input *in)
{
	ssize_t ret;

	switch (take8(in) % 8) {
	case 0:
	case 1:
		use(&rings[0], in);
		break;
	case 2:
		use(&rings[1], in);
		break;
	case 3:
		scribble(in);
		break;
	case 4:
		ret = rx_take(&rx, take8(in) % 4 ? frame : NULL);
		CHECK(ret <= (ssize_t)NET_FRAME_MAX && (ret >= NET_HEADER_SIZE || ret <= 0));
		break;
	case 6:
		rx_limit(&rx, take8(in) % 2);
		break;
	case 5:
		tx_send(&tx, frame, take16(in));
		CHECK(tx.idle <= SIZE);
		break;
	default:
		tx_ready(&tx);
		CHECK(tx.idle <= SIZE && rx.filled <= SIZE);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = { data, size };
	bool event_idx = take8(&in) % 2;

	rx = (struct rx){ .queue = virtq_create(SIZE, 0, &doorbell, event_idx, &rings[0]), .mergeable = take8(&in) % 2 };
	tx = (struct tx){ .queue = virtq_create(SIZE, 1, &doorbell, event_idx, &rings[1]) };
	CHECK(!rx_alloc(&rx) && !tx_alloc(&tx));
	rx_start(&rx);
	while (in.left)
		step(&in);
	kept_free();
	return 0;
}
