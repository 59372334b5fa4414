/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A device that writes what it likes into the rings: requests come back at most once, and only such as were made; room is never more than
 * the queue's size.
 * sources: drivers/virtio/queue.c tests/fuzz/stubs/quiet.c tests/host/stubs/sched.c
 */
#include <core/string.h>

#include "../../../drivers/virtio/internal.h"
#include "../fuzz.h"

#define SIZE 16

static uint16_t doorbell;
static bool busy[SIZE];
/* A queue lives for ever: what it allocates is freed here after each input. */
static void *allocated[8];
static unsigned allocated_count;

void *kzalloc(size_t size)
{
	CHECK(allocated_count < ARRAY_SIZE(allocated));
	return allocated[allocated_count++] = memset(malloc(size), 0, size);
}

void kfree(void *p __unused)
{
}

paddr_t virt_to_phys(const void *p)
{
	return (paddr_t)p;
}

static void add(struct virtq *q, struct input *in)
{
	struct virtq_piece pieces[4] = { { 0 } };
	unsigned out = take8(in) % 3, n = take8(in) % SIZE;

	if (busy[n])
		return;
	busy[n] = !virtq_add(q, pieces, out, 1, &busy[n]);
	virtq_kick(q);
}

static void take(struct virtq *q)
{
	uint32_t length;
	bool *done = virtq_take(q, &length);

	CHECK(virtq_room(q) <= SIZE);
	if (!done)
		return;
	CHECK(done >= busy && done < busy + SIZE && *done);
	*done = false;
}

/* Any byte of what the device may write: mostly the used ring, and all that DMA reaches. */
static void device_writes(const struct virtq_addresses *to, struct input *in)
{
	unsigned at = take16(in);
	size_t all = to->device - to->descriptors + 4 + SIZE * 8 + 2;
	uint8_t *p = at & 0x8000 ? (uint8_t *)to->descriptors + at % all : (uint8_t *)to->device + at % (4 + SIZE * 8 + 2);

	*p = take8(in);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = { data, size };
	struct virtq_addresses at;
	struct virtq *q = virtq_create(SIZE, 0, &doorbell, take8(&in) % 2, &at);

	CHECK(q);
	memset(busy, 0, sizeof(busy));
	while (in.left) {
		switch (take8(&in) % 4) {
		case 0:
			add(q, &in);
			break;
		case 1:
			take(q);
			break;
		default:
			device_writes(&at, &in);
		}
	}
	while (allocated_count)
		free(allocated[--allocated_count]);
	return 0;
}
