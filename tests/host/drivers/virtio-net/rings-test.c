/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Sending and receiving of virtio-net against a device written from the specification (virtio 1.2, section 5.1.6): frames of all sizes arrive
 * once, in order and unchanged, with and without merged buffers; a device that lies ends in -EPROTO or a dropped frame.
 * sources: drivers/virtio/queue.c drivers/virtio-net/rx.c drivers/virtio-net/tx.c drivers/virtio-net/slots.c tests/host/stubs/sched.c
 * sources: tests/host/stubs/kept.c
 */
#include <core/errno.h>
#include <core/log.h>
#include <core/string.h>

#include "../../../../drivers/virtio-net/rx.h"
#include "../../../../drivers/virtio-net/tx.h"
#include "../../../../drivers/virtio/internal.h"
#include "../../host.h"
#include "../../stubs/kept.h"
#include "../../stubs/queue_end.h"

#define ROUNDS 20000

static uint16_t doorbell;
static struct rx rx;
static struct tx tx;
static struct end rx_end, tx_end;
static uint8_t frame[NET_FRAME_MAX + 1], got[NET_FRAME_MAX + FRAME_HEADER];

void log_printf(enum log_level level, const char *fmt, ...)
{
	(void)level;
	(void)fmt;
}

static struct virtq *make(struct end *e, unsigned size)
{
	struct virtq_addresses at;
	struct virtq *q = virtq_create(size, 0, &doorbell, true, &at);

	CHECK(q);
	*e = (struct end){ (void *)at.descriptors, (void *)at.driver, (void *)at.device, size, 0, 0 };
	return q;
}

static void start(unsigned size, bool mergeable)
{
	kept_free();
	rx = (struct rx){ .queue = make(&rx_end, size), .mergeable = mergeable };
	tx = (struct tx){ .queue = make(&tx_end, size) };
	CHECK_EQ(rx_alloc(&rx), 0);
	CHECK_EQ(tx_alloc(&tx), 0);
	rx_start(&rx);
}

static bool has_available(const struct end *e)
{
	return e->seen != e->avail[1];
}

static void use(struct end *e, uint16_t head, uint32_t length)
{
	uint32_t *entry = (uint32_t *)(e->used + 2 + 4 * (e->used[1] % e->size));

	entry[0] = head;
	entry[1] = length;
	e->used[1]++;
}

static uint16_t next_head(struct end *e)
{
	return e->avail[2 + e->seen++ % e->size];
}

/* Deliver a frame as the device would, in pieces if need be; @buffers and @lie are for devices that lie. False: no room. */
static bool deliver(size_t len, unsigned lie)
{
	size_t whole = FRAME_HEADER + len, at = 0;
	uint16_t pieces = DIV_ROUND_UP(whole, SLOT_SIZE), left = rx_end.avail[1] - rx_end.seen;
	uint8_t header[FRAME_HEADER] = { 0 };

	if (left < pieces)
		return false;
	uint16_t buffers = lie ? lie : pieces;

	memcpy(header + FRAME_BUFFERS_OFFSET, &buffers, 2);
	memcpy(got, header, FRAME_HEADER);
	memcpy(got + FRAME_HEADER, frame, len);
	while (at < whole) {
		uint16_t head = next_head(&rx_end);
		size_t n = MIN(whole - at, rx_end.desc[head].length);

		memcpy((void *)rx_end.desc[head].address, got + at, n);
		use(&rx_end, head, n);
		at += n;
	}
	return true;
}

/* Take a frame that was sent, into @got. Returns its length with the header, 0 if there is none. */
static size_t sent(void)
{
	size_t len = 0;

	if (!has_available(&tx_end))
		return 0;
	uint16_t head = next_head(&tx_end), at = head;

	for (;;) {
		const struct desc *d = &tx_end.desc[at];

		CHECK(len + d->length <= sizeof(got) && !(d->flags & 2));
		memcpy(got + len, (void *)d->address, d->length);
		len += d->length;
		if (!(d->flags & 1))
			break;
		at = d->next;
	}
	use(&tx_end, head, 0);
	return len;
}

static size_t pick(bool large)
{
	size_t len = NET_HEADER_SIZE + rand() % (large ? NET_FRAME_MAX - NET_HEADER_SIZE + 1 : 1600);

	for (size_t i = 0; i < len; i += 1 + i / 4)
		frame[i] = rand();
	return len;
}

static void test_receive(bool mergeable)
{
	static uint8_t buf[NET_FRAME_MAX];

	start(64, mergeable);
	CHECK_EQ(rx_take(&rx, buf), -EAGAIN);
	for (unsigned i = 0; i < ROUNDS; i++) {
		size_t len = pick(mergeable && !(i % 8));

		CHECK(deliver(len, 0));
		CHECK_EQ(rx_ready(&rx), 1);
		if (i % 3 == 0) {
			CHECK_EQ(rx_take(&rx, NULL), 0);
			continue;
		}
		CHECK_EQ(rx_take(&rx, buf), (ssize_t)len);
		CHECK(!memcmp(buf, frame, len));
		CHECK_EQ(rx_take(&rx, buf), -EAGAIN);
	}
}

/* Until the queue is full, and then all of it. */
static void test_full(void)
{
	static uint8_t buf[NET_FRAME_MAX];
	unsigned n = 0;

	start(64, true);
	for (unsigned round = 0; round < 100; round++) {
		for (n = 0; deliver(pick(false), 0); n++)
			;
		CHECK(n >= 64);
		while (n--)
			CHECK(rx_take(&rx, buf) > 0);
		CHECK_EQ(rx_take(&rx, buf), -EAGAIN);
	}
}

/* Nobody reads: the newest stay. Without a reader none does. */
static void test_limit(void)
{
	static uint8_t buf[NET_FRAME_MAX];
	unsigned left = 0;

	start(64, true);
	for (unsigned i = 0; i < 1000; i++) {
		frame[20] = i;
		CHECK(deliver(100, 0));
		CHECK_EQ(rx_limit(&rx, true), 0);
	}
	while (rx_take(&rx, buf) > 0) {
		CHECK_EQ(buf[20], (uint8_t)(1000 - rx.filled - 1));
		left++;
	}
	CHECK(left >= 32 && left <= 48);
	CHECK(deliver(100, 0));
	CHECK_EQ(rx_limit(&rx, false), 0);
	CHECK_EQ(rx_take(&rx, buf), -EAGAIN);
	CHECK(deliver(100, FRAME_PIECES_MAX + 1));
	CHECK_EQ(rx_limit(&rx, true), 0);
	CHECK_EQ(rx_limit(&rx, false), -EPROTO);
}

/* Half of a frame is there: it is waited for. */
static void test_half(void)
{
	static uint8_t buf[NET_FRAME_MAX];

	start(64, true);
	CHECK(deliver(100, 2));
	CHECK_EQ(rx_ready(&rx), 0);
	CHECK_EQ(rx_take(&rx, buf), -EAGAIN);
	uint16_t head = next_head(&rx_end);

	memset((void *)rx_end.desc[head].address, 7, 50);
	use(&rx_end, head, 50);
	CHECK_EQ(rx_take(&rx, buf), 150);
	CHECK_EQ(buf[149], 7);
}

static void test_lies(void)
{
	static uint8_t buf[NET_FRAME_MAX];

	for (unsigned lie = FRAME_PIECES_MAX + 1; lie < 0x10000; lie += 97) {
		start(64, true);
		CHECK(deliver(100, lie));
		CHECK_EQ(rx_ready(&rx), -EPROTO);
		CHECK_EQ(rx_take(&rx, buf), -EPROTO);
	}
	start(64, true); /* shorter than a header, and than a frame */
	for (unsigned length = 0; length < FRAME_HEADER + NET_HEADER_SIZE; length++) {
		uint16_t head = next_head(&rx_end), one = 1;

		memcpy((uint8_t *)rx_end.desc[head].address + FRAME_BUFFERS_OFFSET, &one, 2);
		use(&rx_end, head, length);
		CHECK_EQ(rx_take(&rx, buf), 0);
	}
	CHECK_EQ(rx_take(&rx, buf), -EAGAIN);
	start(64, true); /* longer than the longest frame */
	for (unsigned i = 0; i < FRAME_PIECES_MAX; i++) {
		uint16_t head = next_head(&rx_end), count = FRAME_PIECES_MAX;

		memcpy((uint8_t *)rx_end.desc[head].address + FRAME_BUFFERS_OFFSET, &count, 2);
		use(&rx_end, head, UINT32_MAX);
	}
	CHECK_EQ(rx_take(&rx, buf), 0);
	use(&rx_end, 3, 100); /* not one of those in flight twice */
	use(&rx_end, 3, 100);
	CHECK_EQ(rx_ready(&rx), -EPROTO);
}

static void test_send(void)
{
	start(64, true);
	for (unsigned i = 0; i < ROUNDS; i++) {
		size_t len = pick(!(i % 8));

		CHECK_EQ(tx_send(&tx, frame, len), 0);
		CHECK_EQ(sent(), FRAME_HEADER + len);
		for (unsigned h = 0; h < FRAME_HEADER; h++)
			CHECK_EQ(got[h], 0);
		CHECK(!memcmp(got + FRAME_HEADER, frame, len));
	}
	CHECK_EQ(tx_send(&tx, frame, NET_HEADER_SIZE - 1), -EINVAL);
	CHECK_EQ(tx_send(&tx, frame, NET_FRAME_MAX + 1), -EMSGSIZE);
}

static void test_send_full(void)
{
	unsigned n = 0;

	start(64, true);
	CHECK_EQ(tx_ready(&tx), 1);
	while (!tx_send(&tx, frame, 1514))
		n++;
	CHECK_EQ(n, 64);
	CHECK_EQ(tx_send(&tx, frame, 60), -EAGAIN);
	CHECK_EQ(tx_ready(&tx), 0);
	CHECK(sent());
	CHECK_EQ(tx_send(&tx, frame, NET_FRAME_MAX), -EAGAIN);
	CHECK_EQ(tx_send(&tx, frame, 60), 0);
	while (sent())
		;
	CHECK_EQ(tx_ready(&tx), 1);
	use(&tx_end, 65, 0);
	CHECK_EQ(tx_ready(&tx), -EPROTO);
	CHECK_EQ(tx_send(&tx, frame, 60), -EPROTO);
}

/* A queue with less room than the longest frame wants. */
static void test_small_queue(void)
{
	start(4, true);
	CHECK_EQ(tx_ready(&tx), 1);
	CHECK_EQ(tx_send(&tx, frame, 4 * SLOT_SIZE - FRAME_HEADER), 0);
	CHECK_EQ(sent(), 4 * SLOT_SIZE);
	CHECK_EQ(tx_send(&tx, frame, 4 * SLOT_SIZE), -EMSGSIZE);
	CHECK(deliver(100, 5));
	CHECK_EQ(rx_ready(&rx), -EPROTO);
}

static void test_no_memory(void)
{
	static struct slot slots[SLOTS_MAX];

	kept_free();
	for (kept_pages_left = 0; kept_pages_left < 16;) {
		int pages = kept_pages_left;

		CHECK_EQ(slots_alloc(slots, 32), -ENOMEM);
		CHECK_EQ(kept_count, 0);
		kept_pages_left = pages + 1;
	}
	CHECK_EQ(slots_alloc(slots, 32), 0);
	kept_pages_left = -1;
	kept_free();
}

int main(void)
{
	test_receive(false);
	test_receive(true);
	test_full();
	test_limit();
	test_half();
	test_lies();
	test_send();
	test_send_full();
	test_small_queue();
	test_no_memory();
	return 0;
}
