/* SPDX-License-Identifier: BSD-3-Clause */
#include "tx.h"

#include <core/errno.h>
#include <core/string.h>

#define NO_SLOT 0xffff

int tx_alloc(struct tx *tx)
{
	tx->count = tx->idle = virtq_size(tx->queue);
	tx->first_idle = 0;
	for (unsigned i = 0; i < tx->count; i++)
		tx->slots[i].next = i + 1;
	return slots_alloc(tx->slots, tx->count);
}

/* Take back what the device has sent; asks for an interrupt at the next one. */
static int reap(struct tx *tx)
{
	struct slot *slot;
	uint32_t length;

	while ((slot = virtq_take(tx->queue, &length))) {
		unsigned i = slot - tx->slots;

		while (i != NO_SLOT) {
			unsigned next = tx->slots[i].next;

			tx->slots[i].next = tx->first_idle;
			tx->first_idle = i;
			tx->idle++;
			i = next;
		}
	}
	return virtq_broken(tx->queue) ? -EPROTO : 0;
}

static unsigned most_pieces(const struct tx *tx)
{
	return MIN(FRAME_PIECES_MAX, tx->count);
}

/* Fill a free slot: @skip bytes of zeros and @len of @data. */
static unsigned fill(struct tx *tx, unsigned skip, const void *data, size_t len)
{
	unsigned i = tx->first_idle;

	tx->first_idle = tx->slots[i].next;
	tx->idle--;
	tx->slots[i].next = NO_SLOT;
	memset(tx->slots[i].data, 0, skip);
	memcpy(tx->slots[i].data + skip, data, len);
	return i;
}

static int add(struct tx *tx, const uint8_t *frame, size_t len)
{
	struct virtq_piece pieces[FRAME_PIECES_MAX];
	unsigned n = 0, head = NO_SLOT, last = NO_SLOT, skip = FRAME_HEADER;

	for (size_t at = 0; at < len; skip = 0) {
		size_t piece = MIN(len - at, SLOT_SIZE - skip);
		unsigned i = fill(tx, skip, frame + at, piece);

		if (head == NO_SLOT)
			head = i;
		else
			tx->slots[last].next = i;
		last = i;
		pieces[n++] = (struct virtq_piece){ virt_to_phys(tx->slots[i].data), skip + piece };
		at += piece;
	}
	return virtq_add(tx->queue, pieces, n, 0, &tx->slots[head]);
}

int tx_send(struct tx *tx, const void *frame, size_t len)
{
	unsigned wanted = DIV_ROUND_UP(FRAME_HEADER + len, SLOT_SIZE);

	if (len < NET_HEADER_SIZE)
		return -EINVAL;
	if (len > NET_FRAME_MAX || wanted > most_pieces(tx))
		return -EMSGSIZE;
	int ret = reap(tx);

	if (!ret && tx->idle < wanted)
		ret = -EAGAIN;
	if (!ret)
		ret = add(tx, frame, len);
	if (!ret)
		virtq_kick(tx->queue);
	return ret == -EIO ? -EPROTO : ret;
}

int tx_ready(struct tx *tx)
{
	int ret = reap(tx);

	return ret ? ret : tx->idle >= most_pieces(tx);
}
