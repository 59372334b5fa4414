/* SPDX-License-Identifier: BSD-3-Clause */
#include "tx.h"

#include <core/errno.h>
#include <core/net.h>
#include <core/string.h>

void tx_start(struct tx *tx, bool scatter)
{
	xen_ring_init(&tx->ring, tx->shared.page, sizeof(union tx_entry));
	tx->scatter = scatter;
	tx->idle_count = 0;
	for (unsigned i = 0; i < TX_SLOTS; i++) {
		tx->idle[tx->idle_count++] = i;
		tx->in_flight[i] = false;
	}
}

/* Take the responses that are there. */
static int reap(struct tx *tx)
{
	int n = xen_ring_responses(&tx->ring);

	for (int i = 0; i < n; i++) {
		struct tx_response r;

		xen_ring_peek(&tx->ring, 0, &r, sizeof(r));
		if (r.id >= TX_SLOTS || !tx->in_flight[r.id])
			return -EPROTO;
		if (r.status < RSP_OKAY)
			tx->refused++;
		tx->in_flight[r.id] = false;
		tx->idle[tx->idle_count++] = r.id;
		xen_ring_skip(&tx->ring, 1);
	}
	return MIN(n, 0);
}

static unsigned most_slots(const struct tx *tx)
{
	return tx->scatter ? DIV_ROUND_UP(NET_FRAME_MAX, PAGE_SIZE) : 1;
}

/* Returns whether @slots pages are at hand: 1, 0 (then an event is asked for) or -EPROTO. */
static int room(struct tx *tx, unsigned slots)
{
	int ret = reap(tx);

	if (!ret && tx->idle_count < slots) {
		xen_ring_arm(&tx->ring, slots - tx->idle_count);
		ret = reap(tx);
	}
	return ret ? ret : tx->idle_count >= slots;
}

static void put_piece(struct tx *tx, const void *piece, size_t len, unsigned size, unsigned flags)
{
	unsigned id = tx->idle[--tx->idle_count];

	tx->in_flight[id] = true;
	memcpy(tx->pages[id].page, piece, len);
	struct tx_request req = { .gref = tx->pages[id].ref, .flags = flags, .id = id, .size = size };

	xen_ring_put(&tx->ring, &req, sizeof(req));
}

int tx_send(struct tx *tx, const void *frame, size_t len)
{
	unsigned slots = DIV_ROUND_UP(len, PAGE_SIZE);

	if (len < NET_HEADER_SIZE)
		return -EINVAL;
	if (len > NET_FRAME_MAX || slots > most_slots(tx))
		return -EMSGSIZE;
	int ret = room(tx, slots);

	if (ret <= 0)
		return ret ? ret : -EAGAIN;
	for (size_t at = 0; at < len; at += PAGE_SIZE) {
		size_t n = MIN(len - at, PAGE_SIZE);

		put_piece(tx, (const char *)frame + at, n, at ? n : len, at + n < len ? TXF_MORE_DATA : 0);
	}
	return xen_ring_push(&tx->ring);
}

int tx_ready(struct tx *tx)
{
	return room(tx, most_slots(tx));
}
