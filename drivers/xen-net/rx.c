/* SPDX-License-Identifier: BSD-3-Clause */
#include "rx.h"

#include <core/errno.h>
#include <core/net.h>
#include <core/string.h>

/* Most entries of one frame: 64 KiB in pieces that may start anywhere in their pages. Linux's back end uses 17. */
#define PIECES_MAX 20

/* With @most entries unread, the oldest frames are dropped until at most @keep are left. Without a reader: not one wake-up a frame. */
struct limit {
	int most, keep;
};

static const struct limit limits[] = { [false] = { RX_SLOTS / 4, 0 }, [true] = { RX_SLOTS * 3 / 4, RX_SLOTS / 2 } };

static void post(struct rx *rx, unsigned id)
{
	struct rx_request req = { .id = id, .gref = rx->pages[id].ref };

	xen_ring_put(&rx->ring, &req, sizeof(req));
	rx->posted[id] = true;
}

void rx_start(struct rx *rx)
{
	xen_ring_init(&rx->ring, rx->shared.page, sizeof(union rx_entry));
	for (unsigned i = 0; i < RX_SLOTS; i++)
		post(rx, i);
	rx->notify = xen_ring_push(&rx->ring);
}

static bool sane(const struct rx *rx, const struct rx_response *r)
{
	if (r->id >= RX_SLOTS || !rx->posted[r->id] || r->flags & RXF_EXTRA_INFO)
		return false;
	return r->status < 0 || r->offset + (unsigned)r->status <= PAGE_SIZE;
}

/* Copy the responses of the oldest frame. Returns their number, 0 when the last one is not there yet, or -EPROTO. */
static int gather(struct rx *rx, struct rx_response *pieces)
{
	int waiting = xen_ring_responses(&rx->ring);

	for (int i = 0; i < waiting; i++) {
		if (i == PIECES_MAX)
			return -EPROTO;
		xen_ring_peek(&rx->ring, i, &pieces[i], sizeof(pieces[i]));
		if (!sane(rx, &pieces[i]))
			return -EPROTO;
		if (!(pieces[i].flags & RXF_MORE_DATA))
			return i + 1;
	}
	return MIN(waiting, 0);
}

/* As gather(), asking for an event when there is no frame. */
static int next_frame(struct rx *rx, struct rx_response *pieces)
{
	int n = gather(rx, pieces);

	if (n)
		return n;
	xen_ring_arm(&rx->ring, MAX(xen_ring_responses(&rx->ring), 0) + 1);
	return gather(rx, pieces);
}

int rx_ready(struct rx *rx)
{
	struct rx_response pieces[PIECES_MAX];
	int n = next_frame(rx, pieces);

	return n > 0 ? 1 : n;
}

/* Returns the new length, or -1 when the frame is damaged. */
static int add_piece(struct rx *rx, const struct rx_response *r, uint8_t *buf, int len)
{
	if (len < 0 || r->status < 0 || len + r->status > (int)NET_FRAME_MAX)
		return -1;
	if (buf)
		memcpy(buf + len, (uint8_t *)rx->pages[r->id].page + r->offset, r->status);
	return len + r->status;
}

static ssize_t take(struct rx *rx, const struct rx_response *pieces, int n, void *buf)
{
	int len = 0;

	for (int i = 0; i < n; i++) {
		if (!rx->posted[pieces[i].id]) /* twice in one frame */
			return -EPROTO;
		len = add_piece(rx, &pieces[i], buf, len);
		rx->posted[pieces[i].id] = false;
	}
	xen_ring_skip(&rx->ring, n);
	for (int i = 0; i < n; i++)
		post(rx, pieces[i].id);
	if (xen_ring_push(&rx->ring))
		rx->notify = true;
	if (len < NET_HEADER_SIZE || !buf)
		return 0;
	if (pieces[0].flags & RXF_CSUM_BLANK)
		net_complete_checksum(buf, len);
	return len;
}

ssize_t rx_take(struct rx *rx, void *buf)
{
	struct rx_response pieces[PIECES_MAX];
	int n = next_frame(rx, pieces);

	return n > 0 ? take(rx, pieces, n, buf) : n ? n : -EAGAIN;
}

int rx_limit(struct rx *rx, bool open)
{
	const struct limit *limit = &limits[open];
	struct rx_response pieces[PIECES_MAX];
	int waiting = xen_ring_responses(&rx->ring);

	if (waiting >= limit->most) {
		while (waiting > limit->keep) {
			int n = gather(rx, pieces);

			if (n <= 0)
				return n;
			if (take(rx, pieces, n, NULL) < 0)
				return -EPROTO;
			waiting -= n;
		}
	}
	xen_ring_arm(&rx->ring, limit->most);
	return MIN(waiting, 0);
}
