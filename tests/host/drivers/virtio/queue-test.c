/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Split virtqueues against a device written from the specification (virtio 1.2, section 2.7), which completes in any order, with and
 * without event indices, and lies at the end.
 * sources: drivers/virtio/queue.c tests/host/stubs/alloc.c tests/host/stubs/sched.c
 */
#include <core/errno.h>
#include <core/log.h>
#include <core/string.h>

#include "../../../../drivers/virtio/internal.h"
#include "../../host.h"

#define SIZE 16
#define ROUNDS 200000
#define PIECES_MAX 5

struct desc {
	uint64_t address;
	uint32_t length;
	uint16_t flags, next;
};

struct device {
	struct desc *desc;
	uint16_t *avail; /* flags, index, ring, used_event */
	uint16_t *used; /* flags, index, ring of two words an entry, avail_event */
	uint16_t seen, done;
	uint16_t held[SIZE]; /* taken, not yet used */
	unsigned held_count;
	bool event_idx, sleeps;
};

struct request {
	unsigned out, in, number;
	uint32_t written; /* by the device, as it says */
	bool busy;
};

static uint16_t doorbell;
static struct request requests[SIZE];
static unsigned errors;

paddr_t virt_to_phys(const void *p)
{
	return (paddr_t)p;
}

void log_printf(enum log_level level, const char *fmt, ...)
{
	(void)level;
	(void)fmt;
	errors++;
}

static uint32_t *used_entry(struct device *d, uint16_t i)
{
	return (uint32_t *)(d->used + 2 + 4 * (i % SIZE));
}

/* Take what is available; checks each chain against the request it is for. */
static void device_take(struct device *d)
{
	while (d->seen != d->avail[1]) {
		uint16_t head = d->avail[2 + d->seen++ % SIZE], at = head;
		const struct request *r = (const struct request *)d->desc[head].address;

		CHECK(head < SIZE && r->busy);
		for (unsigned i = 0; i < r->out + r->in; i++) {
			const struct desc *e = &d->desc[at];

			CHECK_EQ(e->address, (uintptr_t)r);
			CHECK_EQ(e->length, r->number + i);
			CHECK_EQ(e->flags & 2, i >= r->out ? 2 : 0);
			CHECK_EQ(e->flags & 1, i + 1 < r->out + r->in);
			at = e->next;
		}
		d->held[d->held_count++] = head;
	}
	if (d->event_idx)
		d->used[2 + 4 * SIZE] = d->seen;
	d->sleeps = true;
}

/* Some of the bytes that the device may write. */
static uint32_t write_some(const struct device *d, uint16_t head)
{
	struct request *r = (struct request *)d->desc[head].address;
	uint32_t room = 0;

	for (unsigned i = r->out; i < r->out + r->in; i++)
		room += r->number + i;
	return r->written = rand() % (room + 1ul);
}

/* Complete one that is held, any. Returns whether the driver must be interrupted. */
static bool device_complete(struct device *d)
{
	unsigned which = rand() % d->held_count;
	uint16_t head = d->held[which], old = d->done;
	uint32_t *e = used_entry(d, d->done);

	d->held[which] = d->held[--d->held_count];
	e[0] = head;
	e[1] = write_some(d, head);
	d->used[1] = ++d->done;
	if (!d->event_idx)
		return true;
	return (uint16_t)(d->done - d->avail[2 + SIZE] - 1) < (uint16_t)(d->done - old);
}

static struct request *free_request(void)
{
	for (unsigned i = 0; i < SIZE; i++)
		if (!requests[i].busy)
			return &requests[i];
	return NULL;
}

static void driver_add(struct virtq *q, struct device *d)
{
	struct virtq_piece pieces[PIECES_MAX];
	struct request *r = free_request();
	static unsigned number;

	if (!r)
		return;
	r->out = rand() % PIECES_MAX;
	r->in = rand() % (PIECES_MAX - r->out) + !r->out;
	r->number = ++number;
	for (unsigned i = 0; i < r->out + r->in; i++)
		pieces[i] = (struct virtq_piece){ (uintptr_t)r, r->number + i };
	bool fits = virtq_room(q) >= r->out + r->in;
	int ret = virtq_add(q, pieces, r->out, r->in, r);

	CHECK_EQ(!ret, fits);
	r->busy = !ret;
	if (rand() % 3)
		return; /* several to one kick */
	doorbell = 0xffff;
	virtq_kick(q);
	if (doorbell != 0xffff) {
		CHECK_EQ(doorbell, 7);
		d->sleeps = false;
	}
	/* A device that sleeps although something is available would sleep for ever. */
	CHECK(d->seen == d->avail[1] || !d->sleeps);
	device_take(d);
}

static void driver_take_all(struct virtq *q)
{
	uint32_t length;
	struct request *r;

	while ((r = virtq_take(q, &length))) {
		CHECK(r->busy);
		CHECK_EQ(length, r->written);
		r->busy = false;
	}
}

static struct virtq *make(struct device *d, bool event_idx)
{
	static struct virtq *kept[32]; /* queues live for ever: no leak */
	static unsigned count;
	struct virtq_addresses at;
	struct virtq *q = kept[count++] = virtq_create(SIZE, 7, &doorbell, event_idx, &at);

	CHECK(q);
	CHECK(!(at.descriptors % 16) && !(at.driver % 2) && !(at.device % 4));
	*d = (struct device){ .desc = (void *)at.descriptors,
		              .avail = (void *)at.driver,
		              .used = (void *)at.device,
		              .event_idx = event_idx,
		              .sleeps = true };
	return q;
}

static void test_random(bool event_idx)
{
	struct device d;
	struct virtq *q = make(&d, event_idx);
	bool interrupted = false;

	for (int i = 0; i < ROUNDS; i++) {
		if (rand() % 2)
			driver_add(q, &d);
		else if (d.held_count)
			interrupted |= device_complete(&d);
		if (interrupted && rand() % 2) {
			driver_take_all(q);
			interrupted = false;
		}
	}
	doorbell = 0xffff;
	virtq_kick(q);
	device_take(&d);
	while (d.held_count)
		interrupted |= device_complete(&d);
	if (interrupted)
		driver_take_all(q);
	for (unsigned i = 0; i < SIZE; i++)
		CHECK(!requests[i].busy); /* no interrupt was missed */
	CHECK_EQ(virtq_room(q), SIZE);
	CHECK_EQ(errors, 0);
}

/* What a device that was given one request may say of it, and what not: then the queue is given up, once and for all. */
static void test_lies(uint32_t id, uint32_t written, uint16_t index, bool good)
{
	struct device d;
	struct virtq *q = make(&d, false);
	struct virtq_piece pieces[] = { { 0x1000, 100 }, { 0x2000, 30 }, { 0x3000, 40 } };
	uint32_t length = 0, *e = used_entry(&d, 0);
	int cookie;

	errors = 0;
	CHECK_EQ(virtq_add(q, pieces, 1, 2, &cookie), 0);
	CHECK_EQ(virtq_room(q), SIZE - 3);
	e[0] = id;
	e[1] = written;
	d.used[1] = index;
	void *got = virtq_take(q, &length);

	CHECK(got == (good ? &cookie : NULL));
	CHECK_EQ(virtq_broken(q), !good);
	CHECK_EQ(errors, !good);
	if (good) {
		CHECK_EQ(length, MIN(written, 70u)); /* never more than it was given to write */
		CHECK_EQ(virtq_room(q), SIZE);
		CHECK(!virtq_take(q, &length));
		return;
	}
	for (int i = 0; i < 3; i++)
		CHECK(!virtq_take(q, &length));
	CHECK_EQ(virtq_add(q, pieces, 1, 2, &cookie), -EIO);
	CHECK_EQ(errors, 1);
}

/* A device that writes to the descriptors and the available ring: which are in flight is known without them. */
static void test_scribbles(void)
{
	struct device d;
	struct virtq *q = make(&d, false);
	struct virtq_piece piece = { 0x1000, 8 };
	uint32_t length;
	int cookie;

	for (unsigned round = 0; round < 5 * SIZE; round++) {
		unsigned n = round % 3 + 1;
		struct virtq_piece pieces[] = { piece, piece, piece };

		CHECK_EQ(virtq_add(q, pieces, n, 0, &cookie), 0);
		uint32_t *e = used_entry(&d, (uint16_t)round);

		e[0] = d.avail[2 + round % SIZE];
		CHECK(e[0] < SIZE);
		memset(d.desc, 0xff, SIZE * sizeof(*d.desc));
		memset(d.avail, 0xff, 4 + 2 * SIZE);
		d.used[1] = (uint16_t)(round + 1);
		CHECK(virtq_take(q, &length) == &cookie);
		CHECK_EQ(virtq_room(q), SIZE);
	}
}

static void test_no_memory(void)
{
	for (long n = 0; n < 3; n++) {
		struct virtq_addresses at;
		long before = host_live;

		host_fail_after = n;
		CHECK(!virtq_create(SIZE, 0, &doorbell, false, &at));
		CHECK_EQ(host_live, before);
	}
	host_fail_after = -1;
}

int main(void)
{
	test_random(false);
	test_random(true);
	test_lies(0, 70, 1, true);
	test_lies(0, 0, 1, true);
	test_lies(0, 71, 1, true);
	test_lies(0, UINT32_MAX, 1, true);
	test_lies(SIZE + 3, 0, 1, false);
	test_lies(UINT32_MAX, 0, 1, false);
	test_lies(1, 0, 1, false); /* in the middle of the chain */
	test_lies(5, 0, 1, false); /* exists, is not in flight */
	test_lies(0, 0, SIZE + 1, false);
	test_lies(0, 0, 0xffff, false);
	test_scribbles();
	test_no_memory();
	return 0;
}
