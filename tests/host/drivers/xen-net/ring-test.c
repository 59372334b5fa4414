/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The sending and receiving rings of xen-net against a back end written from Xen's netif.h and ring.h: frames of all sizes arrive once, in
 * order and unchanged; events come when they were asked for; and a back end that lies ends in -EPROTO, without a bad access.
 * sources: drivers/xen-ring/ring.c drivers/xen-net/rx.c drivers/xen-net/tx.c core/net/checksum.c
 */
#include <core/errno.h>
#include <core/net.h>
#include <core/string.h>

#include "../../../../drivers/xen-net/rx.h"
#include "../../../../drivers/xen-net/tx.h"
#include "../../host.h"

#define ROUNDS 100000
#define LIES 20000
#define REF_BASE 1000

/* A back end's side of one ring. */
struct back {
	struct xen_ring_page *page;
	uint32_t req_cons, rsp_prod;
	bool event; /* the front end wanted this to be an event */
};

static struct rx rx;
static struct tx tx;
static struct back rx_back, tx_back;
static uint8_t frame[NET_FRAME_MAX + 1], expected[NET_FRAME_MAX];

static void fill_pool(struct granted *pages, unsigned count)
{
	for (unsigned i = 0; i < count; i++) {
		if (!pages[i].page)
			pages[i].page = aligned_alloc(PAGE_SIZE, PAGE_SIZE);
		pages[i].ref = REF_BASE + i;
	}
}

static void start(bool scatter)
{
	fill_pool(&rx.shared, 1);
	fill_pool(rx.pages, RX_SLOTS);
	fill_pool(&tx.shared, 1);
	fill_pool(tx.pages, TX_SLOTS);
	rx_start(&rx);
	tx_start(&tx, scatter);
	rx_back = (struct back){ .page = rx.shared.page };
	tx_back = (struct back){ .page = tx.shared.page };
}

static void push_responses(struct back *b)
{
	uint32_t old = b->page->rsp_prod;

	b->page->rsp_prod = b->rsp_prod;
	if (b->rsp_prod - b->page->rsp_event < b->rsp_prod - old)
		b->event = true;
}

/* Frame number @n, whose length and contents follow from it. */
static size_t make(uint8_t *p, unsigned n, size_t most)
{
	size_t len = NET_HEADER_SIZE + n * 7919u % (most - NET_HEADER_SIZE + 1);

	if (n % 3)
		len = MIN(len, 1514ul);
	for (size_t i = 0; i < len; i++)
		p[i] = i * 31 + n + (i >> 8);
	p[12] = 0; /* no protocol with a checksum */
	return len;
}

/* --- receiving ----------------------------------------------------------------------------------------------------------------------- */

static union rx_entry *rx_slot(uint32_t index)
{
	return (union rx_entry *)rx_back.page->entries + index % RING_ENTRIES;
}

/* Put the frame into the ring in pieces of at most @piece bytes; false when there are not enough pages. */
static bool rx_deliver(const uint8_t *p, size_t len, size_t piece)
{
	size_t pieces = DIV_ROUND_UP(len, piece);

	if (rx_back.page->req_prod - rx_back.req_cons < pieces)
		return false;
	for (size_t at = 0; at < len; at += piece) {
		struct rx_request req = rx_slot(rx_back.req_cons++)->req;
		size_t n = MIN(len - at, piece), offset = PAGE_SIZE - piece;

		CHECK_EQ(req.gref, REF_BASE + req.id);
		memcpy((uint8_t *)rx.pages[req.id].page + offset, p + at, n);
		rx_slot(rx_back.rsp_prod++)->rsp =
			(struct rx_response){ req.id, offset, at + n < len ? RXF_MORE_DATA : 0, (int16_t)n };
	}
	push_responses(&rx_back);
	return true;
}

static bool rx_deliver_next(unsigned n)
{
	size_t len = make(expected, n, NET_FRAME_MAX);

	return rx_deliver(expected, len, len > 20000 ? PAGE_SIZE : 1000u + rand() % 3000);
}

static void receive_all(void)
{
	unsigned sent = 0, got = 0;

	start(true);
	while (got < ROUNDS / 10) {
		if (rand() % 3 && rx_deliver_next(sent)) {
			sent++;
			continue;
		}
		ssize_t n = rx_take(&rx, frame);

		if (n == -EAGAIN) {
			CHECK_EQ(got, sent);
			rx_back.event = false;
			CHECK(rx_deliver_next(sent++));
			CHECK(rx_back.event); /* after an empty look the next frame is an event */
			continue;
		}
		CHECK_EQ(n, make(expected, got, NET_FRAME_MAX));
		CHECK(!memcmp(frame, expected, n));
		got++;
	}
}

/* Without a reader, and with one that sleeps, the back end always finds pages. */
static void receive_none(void)
{
	for (int open = 0; open < 2; open++) {
		unsigned events = 0;

		start(true);
		CHECK_EQ(rx_limit(&rx, open), 0);
		for (unsigned n = 0; n < ROUNDS; n++) {
			rx_back.event = false;
			CHECK(rx_deliver(frame, make(frame, n, 1514), PAGE_SIZE));
			if (rx_back.event) {
				events++;
				CHECK_EQ(rx_limit(&rx, open), 0);
			}
		}
		CHECK(events > ROUNDS / 256 && events < ROUNDS / 32);
	}
}

/* A frame that the back end has not finished is no frame yet, and its end is an event. */
static void receive_halves(void)
{
	start(true);
	for (unsigned i = 0; i < 3; i++)
		rx_slot(i)->rsp = (struct rx_response){ i, 0, i < 2 ? RXF_MORE_DATA : 0, 1000 };
	rx_back.rsp_prod = 2;
	push_responses(&rx_back);
	CHECK_EQ(rx_ready(&rx), 0);
	CHECK_EQ(rx_take(&rx, frame), -EAGAIN);
	rx_back.event = false;
	rx_back.rsp_prod = 3;
	push_responses(&rx_back);
	CHECK(rx_back.event);
	CHECK_EQ(rx_ready(&rx), 1);
	CHECK_EQ(rx_take(&rx, frame), 3000);
}

/* An error drops its frame and no other. */
static void receive_error(void)
{
	start(true);
	rx_slot(0)->rsp = (struct rx_response){ 0, 0, RXF_MORE_DATA, 100 };
	rx_slot(1)->rsp = (struct rx_response){ 1, 0, 0, -1 };
	rx_slot(2)->rsp = (struct rx_response){ 2, 0, 0, 60 };
	rx_back.rsp_prod = 3;
	push_responses(&rx_back);
	CHECK_EQ(rx_take(&rx, frame), 0);
	CHECK_EQ(rx_take(&rx, frame), 60);
	CHECK_EQ(rx_take(&rx, frame), -EAGAIN);
}

static void receive_lies(void)
{
	static const struct rx_response lies[] = {
		{ RX_SLOTS, 0, 0, 60 }, { 0xffff, 0, 0, 60 },         { 0, 4000, 0, 97 },
		{ 0, 0xffff, 0, 1 },    { 0, 0, RXF_EXTRA_INFO, 60 }, { 0, 0, 0, 4097 },
	};

	for (unsigned i = 0; i < ARRAY_SIZE(lies); i++) {
		start(true);
		rx_slot(0)->rsp = lies[i];
		rx_back.page->rsp_prod = 1;
		CHECK_EQ(rx_ready(&rx), -EPROTO);
		CHECK_EQ(rx_take(&rx, frame), -EPROTO);
	}
	start(true); /* one page twice in a frame */
	rx_slot(0)->rsp = (struct rx_response){ 5, 0, RXF_MORE_DATA, 60 };
	rx_slot(1)->rsp = (struct rx_response){ 5, 0, 0, 60 };
	rx_back.page->rsp_prod = 2;
	CHECK_EQ(rx_take(&rx, frame), -EPROTO);
	start(true); /* a frame without end */
	for (unsigned i = 0; i < RX_SLOTS; i++)
		rx_slot(i)->rsp = (struct rx_response){ i, 0, RXF_MORE_DATA, 1 };
	rx_back.page->rsp_prod = RX_SLOTS;
	CHECK_EQ(rx_take(&rx, frame), -EPROTO);
	start(true); /* more responses than requests, each of them fine */
	for (unsigned i = 0; i < RX_SLOTS; i++)
		rx_slot(i)->rsp = (struct rx_response){ i, 0, 0, 60 };
	rx_back.page->rsp_prod = RX_SLOTS + 1;
	CHECK_EQ(rx_take(&rx, frame), -EPROTO);
	CHECK_EQ(rx_limit(&rx, false), -EPROTO);
}

/* A checksum that was left out is there when the frame is taken. */
static void receive_checksum(void)
{
	static const uint8_t head[] = { 8,  0, 0x45, 0, 0,  29, 0, 0, 0, 0, 64, 17, 0, 0,
		                        10, 9, 0,    1, 10, 9,  0, 2, 0, 1, 0,  2,  0, 9 };
	uint32_t total = 17 + 9;

	start(true);
	memset(frame, 0, 60);
	memcpy(frame + 12, head, sizeof(head));
	CHECK(rx_deliver(frame, 60, 60));
	rx_slot(0)->rsp.flags = RXF_CSUM_BLANK;
	CHECK_EQ(rx_take(&rx, frame), 60);
	CHECK(frame[40] || frame[41]);
	for (unsigned i = 26; i < 43; i++)
		total += frame[i] << (i % 2 ? 0 : 8);
	CHECK_EQ((total & 0xffff) + (total >> 16), 0xffff);
}

/* --- sending ------------------------------------------------------------------------------------------------------------------------- */

static union tx_entry *tx_slot(uint32_t index)
{
	return (union tx_entry *)tx_back.page->entries + index % RING_ENTRIES;
}

/* Take a whole frame into @buf and answer all of its requests. Returns its length, 0: none there. */
static size_t tx_collect(uint8_t *buf, bool answer)
{
	struct tx_request req;
	size_t len = 0, left, first;

	if (tx_back.page->req_prod == tx_back.req_cons)
		return 0;
	first = tx_slot(tx_back.req_cons)->req.size;
	for (uint32_t i = tx_back.req_cons, n = 1;; i++, n++) {
		req = tx_slot(i)->req;
		left = req.flags & TXF_MORE_DATA ? PAGE_SIZE : n == 1 ? first : req.size;
		CHECK(req.id < TX_SLOTS);
		CHECK_EQ(req.gref, REF_BASE + req.id);
		CHECK(req.offset + left <= PAGE_SIZE);
		memcpy(buf + len, (uint8_t *)tx.pages[req.id].page + req.offset, left);
		len += left;
		if (!(req.flags & TXF_MORE_DATA))
			break;
	}
	CHECK_EQ(len, first);
	do {
		req = tx_slot(tx_back.req_cons++)->req;
		if (answer)
			tx_slot(tx_back.rsp_prod++)->rsp = (struct tx_response){ req.id, RSP_OKAY };
	} while (req.flags & TXF_MORE_DATA);
	push_responses(&tx_back);
	return len;
}

static void send_all(bool scatter)
{
	size_t most = scatter ? NET_FRAME_MAX : PAGE_SIZE;
	unsigned sent = 0, got = 0;
	bool full = false;

	start(scatter);
	while (got < ROUNDS / 10) {
		if (rand() % 3 && !full) {
			int ret = tx_send(&tx, frame, make(frame, sent, most));

			CHECK(ret == 0 || ret == 1 || ret == -EAGAIN);
			full = ret == -EAGAIN;
			sent += !full;
			tx_back.event = false;
			continue;
		}
		size_t n = tx_collect(frame, true);

		CHECK_EQ(n, got < sent ? make(expected, got, most) : 0);
		CHECK(!memcmp(frame, expected, n));
		got += n > 0;
		if (tx_back.event)
			full = false;
		CHECK(!full || got < sent); /* with all answered, the event has come */
	}
}

static void send_limits(void)
{
	start(false);
	CHECK_EQ(tx_send(&tx, frame, NET_HEADER_SIZE - 1), -EINVAL);
	CHECK_EQ(tx_send(&tx, frame, PAGE_SIZE + 1), -EMSGSIZE);
	CHECK(tx_send(&tx, frame, PAGE_SIZE) >= 0);
	start(true);
	CHECK_EQ(tx_send(&tx, frame, NET_FRAME_MAX + 1), -EMSGSIZE);
	for (unsigned i = 0; i < TX_SLOTS; i++)
		CHECK(tx_send(&tx, frame, 60) >= 0);
	CHECK_EQ(tx_send(&tx, frame, 60), -EAGAIN);
	CHECK_EQ(tx_ready(&tx), 0);
}

static void send_lies(void)
{
	static const uint16_t ids[] = { 1, TX_SLOTS, 0xffff };

	for (unsigned i = 0; i < ARRAY_SIZE(ids); i++) {
		start(true);
		CHECK(tx_send(&tx, frame, 60) >= 0);
		CHECK_EQ(tx_slot(0)->req.id, TX_SLOTS - 1);
		tx_slot(0)->rsp = (struct tx_response){ ids[i], RSP_OKAY };
		tx_back.page->rsp_prod = 1;
		CHECK_EQ(tx_ready(&tx), -EPROTO);
	}
	start(true); /* an answer to nothing */
	tx_back.page->rsp_prod = 1;
	CHECK_EQ(tx_send(&tx, frame, 60), -EPROTO);
}

/* Random bytes in both pages while frames go in and out. */
static void noise(void)
{
	for (unsigned round = 0; round < LIES; round++) {
		start(round % 2);
		for (unsigned step = 0; step < 20; step++) {
			uint8_t *p = rand() % 2 ? rx.shared.page : tx.shared.page;
			unsigned width = rand() % 2 ? 16 : PAGE_SIZE;

			p[rand() % width] = rand() % 4;
			if (tx_send(&tx, frame, 14 + rand() % 9000) == -EPROTO ||
			    rx_take(&rx, rand() % 4 ? frame : NULL) == -EPROTO || rx_limit(&rx, rand() % 2) == -EPROTO)
				break;
		}
	}
}

int main(void)
{
	receive_all();
	receive_none();
	receive_halves();
	receive_error();
	receive_lies();
	receive_checksum();
	send_all(true);
	send_all(false);
	send_limits();
	send_lies();
	noise();
	return 0;
}
