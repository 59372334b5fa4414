/* SPDX-License-Identifier: BSD-3-Clause */
#include "rx.h"

#include <core/errno.h>
#include <core/string.h>

static void post(struct rx *rx, unsigned i)
{
	struct virtq_piece piece = { virt_to_phys(rx->slots[i].data), SLOT_SIZE };

	virtq_add(rx->queue, &piece, 0, 1, &rx->slots[i]);
}

int rx_alloc(struct rx *rx)
{
	rx->count = virtq_size(rx->queue);
	rx->wanted = rx->first = rx->filled = 0;
	return slots_alloc(rx->slots, rx->count);
}

void rx_start(struct rx *rx)
{
	for (unsigned i = 0; i < rx->count; i++)
		post(rx, i);
	virtq_kick(rx->queue);
}

/* Note what the device has filled. Each slot is in the queue or in @arrived, so there is always room. */
static int collect(struct rx *rx)
{
	struct slot *slot;
	uint32_t length;

	while ((slot = virtq_take(rx->queue, &length))) {
		unsigned at = (rx->first + rx->filled++) % SLOTS_MAX;

		rx->arrived[at].slot = slot - rx->slots;
		rx->arrived[at].length = length;
	}
	return virtq_broken(rx->queue) ? -EPROTO : 0;
}

static unsigned arrived_slot(const struct rx *rx, unsigned i)
{
	return rx->arrived[(rx->first + i) % SLOTS_MAX].slot;
}

static uint32_t arrived_length(const struct rx *rx, unsigned i)
{
	return rx->arrived[(rx->first + i) % SLOTS_MAX].length;
}

/* How many slots the oldest frame takes. Read once: the memory is the device's, too. */
static unsigned count_pieces(const struct rx *rx)
{
	uint16_t count;

	if (!rx->mergeable || arrived_length(rx, 0) < FRAME_HEADER)
		return 1;
	memcpy(&count, rx->slots[arrived_slot(rx, 0)].data + FRAME_BUFFERS_OFFSET, sizeof(count));
	return count;
}

int rx_ready(struct rx *rx)
{
	int ret = collect(rx);

	if (ret || !rx->filled)
		return ret;
	if (!rx->wanted)
		rx->wanted = count_pieces(rx);
	if (!rx->wanted || rx->wanted > MIN(FRAME_PIECES_MAX, rx->count))
		return -EPROTO;
	return rx->filled >= rx->wanted;
}

/* The first @n that arrived, as one frame, to @buf. Returns its length, 0 if it is damaged. */
static size_t copy_frame(const struct rx *rx, unsigned n, uint8_t *buf)
{
	size_t len = 0;

	for (unsigned i = 0; i < n; i++) {
		size_t skip = i ? 0 : FRAME_HEADER, piece = arrived_length(rx, i);

		if (piece <= skip || len + (piece - skip) > NET_FRAME_MAX)
			return 0;
		memcpy(buf + len, rx->slots[arrived_slot(rx, i)].data + skip, piece - skip);
		len += piece - skip;
	}
	return len < NET_HEADER_SIZE ? 0 : len;
}

ssize_t rx_take(struct rx *rx, void *buf)
{
	int ret = rx_ready(rx);

	if (ret <= 0)
		return ret ? ret : -EAGAIN;
	unsigned n = rx->wanted;
	size_t len = buf ? copy_frame(rx, n, buf) : 0;

	for (unsigned i = 0; i < n; i++)
		post(rx, arrived_slot(rx, i));
	rx->first = (rx->first + n) % SLOTS_MAX;
	rx->filled -= n;
	rx->wanted = 0;
	virtq_kick(rx->queue);
	return len;
}

int rx_limit(struct rx *rx, bool open)
{
	int ret = collect(rx);
	unsigned most = open ? rx->count * 3 / 4 : 0, keep = open ? rx->count / 2 : 0;

	if (ret || rx->filled <= most)
		return ret;
	/* What is dropped goes back to the device, which may fill it at once: no more than a queue full at a time. */
	for (unsigned i = 0; i < rx->count && rx->filled > keep && !ret; i++)
		ret = rx_take(rx, NULL);
	return ret == -EAGAIN ? 0 : ret;
}
