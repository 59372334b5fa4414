/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * How requests are split: every part within the device's limits, all bytes once and in order, whenever the device is done with it.
 * sources: core/block/block.c core/block/check.c core/block/io.c core/sched/completion.c tests/host/stubs/sched.c
 */
#include <core/block.h>
#include <core/errno.h>
#include <core/log.h>
#include <core/sched.h>
#include <core/string.h>

#include "../../host.h"

#define DISK_SIZE (1ul << 20)
#define VECTORS 80
#define ROUNDS 20000

static unsigned char disk[DISK_SIZE];
static struct block_dev dev;
static unsigned parts;
static int fail_at; /* the part that fails, from 1; 0: none */

void waiter_init(struct waiter *w)
{
	w->woken = false;
}

int waiter_sleep(struct waiter *w, uint64_t deadline, bool interruptible)
{
	(void)w;
	(void)deadline;
	(void)interruptible;
	panic("nobody completes the request");
}

void waitq_add(struct waitq *q, struct wait_entry *e)
{
	list_push_back(&q->entries, &e->link);
}

void waitq_remove(struct wait_entry *e)
{
	list_del(&e->link);
}

void waitq_wake(struct waitq *q, unsigned events)
{
	(void)q;
	(void)events;
	/* Else who waits could see that its request is done, and take the queue with it, while this looks at that. */
	CHECK(!preempt_allowed());
}

static void check_limits(const struct block_req *req)
{
	uint64_t bytes = 0;
	unsigned segments = 0;

	for (unsigned i = 0; i < req->nvec; i++) {
		uintptr_t p = (uintptr_t)req->vec[i].base;

		CHECK(req->vec[i].len);
		bytes += req->vec[i].len;
		segments += (p + req->vec[i].len - 1) / PAGE_SIZE - p / PAGE_SIZE + 1;
	}
	CHECK_EQ(bytes, req->length);
	CHECK(req->length && !(req->length % dev.sector_size) && !(req->offset % dev.sector_size));
	CHECK(!dev.max_bytes || bytes <= dev.max_bytes);
	CHECK(!dev.max_segments || segments <= dev.max_segments);
	CHECK(req->offset + req->length <= DISK_SIZE);
}

static void transfer(const struct block_req *req)
{
	uint64_t at = req->offset;

	for (unsigned i = 0; i < req->nvec; i++) {
		if (req->op == BLOCK_READ)
			memcpy(req->vec[i].base, disk + at, req->vec[i].len);
		else
			memcpy(disk + at, req->vec[i].base, req->vec[i].len);
		at += req->vec[i].len;
	}
}

static void submit(struct block_dev *d, struct block_req *req)
{
	CHECK(d == &dev);
	if (req->op == BLOCK_DISCARD) {
		CHECK(req->length <= dev.max_discard);
		memset(disk + req->offset, 0, req->length);
	} else if (req->op != BLOCK_FLUSH) {
		check_limits(req);
		transfer(req);
	}
	block_complete(req, ++parts == (unsigned)fail_at ? -EIO : 0);
}

static void make_device(void)
{
	static const unsigned sectors[] = { 512, 4096 };

	dev = (struct block_dev){ .name = "test", .size = DISK_SIZE, .submit = submit, .can_flush = true, .can_discard = true };
	dev.sector_size = sectors[rand() % 2];
	dev.max_bytes = rand() % 3 ? dev.sector_size * (rand() % 64 + 1) : 0;
	dev.max_segments = rand() % 3 ? rand() % 30 + 2 : 0;
	dev.max_discard = 65536;
	parts = fail_at = 0;
}

/* A request over random pieces of @buf, of any alignment, some empty. Returns the number of bytes. */
static size_t make_vectors(struct block_vec *vec, unsigned *n, char *buf)
{
	size_t total = 0, at = rand() % 5000;

	*n = rand() % VECTORS + 1;
	for (unsigned i = 0; i < *n; i++) {
		size_t len = rand() % 4 ? (size_t)(rand() % 3000 + (rand() % 8 ? 0 : 20000)) : (size_t)(rand() % 3) * 512;

		vec[i] = (struct block_vec){ buf + at, len };
		at += len + rand() % 100;
		total += len;
	}
	/* The last one makes whole sectors. */
	vec[*n - 1].len += dev.sector_size - total % dev.sector_size;
	return total + dev.sector_size - total % dev.sector_size;
}

/* Can one sector need more pieces than the device takes? Then -EINVAL is right. */
static bool is_possible(const struct block_vec *vec, unsigned n)
{
	if (!dev.max_segments)
		return n <= 8 || dev.max_segments;
	for (unsigned i = 0; i < n; i++)
		if (vec[i].len && vec[i].len < dev.sector_size)
			return false;
	return dev.max_segments > 2;
}

static void test_random(void)
{
	static char buf[VECTORS * 26000];
	static unsigned char got[DISK_SIZE * 4];
	struct block_vec vec[VECTORS + 1];

	for (int round = 0; round < ROUNDS; round++) {
		unsigned n;
		size_t total, at = 0;
		uint64_t offset;

		make_device();
		total = make_vectors(vec, &n, buf);
		if (total > DISK_SIZE)
			continue;
		offset = (rand() % (DISK_SIZE - total + 1)) / dev.sector_size * dev.sector_size;
		int ret = block_rw(&dev, rand() % 2 ? BLOCK_READ : BLOCK_WRITE, offset, vec, n);

		if (ret) {
			CHECK_EQ(ret, -EINVAL);
			CHECK(!is_possible(vec, n));
			continue;
		}
		for (unsigned i = 0; i < n; at += vec[i++].len)
			memcpy(got + at, vec[i].base, vec[i].len);
		CHECK(!memcmp(got, disk + offset, total));
	}
}

static void test_errors(void)
{
	char buf[8192];
	struct block_vec vec = { buf, sizeof(buf) };

	make_device();
	dev.sector_size = dev.max_bytes = 512;
	dev.max_segments = 0;
	CHECK_EQ(block_rw(&dev, BLOCK_READ, 100, &vec, 1), -EINVAL);
	CHECK_EQ(block_rw(&dev, BLOCK_READ, DISK_SIZE - 4096, &vec, 1), -EINVAL);
	CHECK_EQ(block_rw(&dev, BLOCK_WRITE, DISK_SIZE - 4096, &vec, 1), -ENOSPC);
	CHECK_EQ(block_rw(&dev, BLOCK_WRITE, ~511ul, &vec, 1), -ENOSPC);
	CHECK_EQ(parts, 0);
	fail_at = 3;
	CHECK_EQ(block_rw(&dev, BLOCK_WRITE, 0, &vec, 1), -EIO);
	CHECK_EQ(parts, 3);
	dev.read_only = true;
	CHECK_EQ(block_rw(&dev, BLOCK_WRITE, 0, &vec, 1), -EROFS);
	CHECK_EQ(block_rw(&dev, BLOCK_DISCARD, 0, &vec, 1), -EROFS);
}

static void test_discard_and_flush(void)
{
	struct block_vec vec = { NULL, 200 * 4096 };

	make_device();
	memset(disk, 1, sizeof(disk));
	CHECK_EQ(block_rw(&dev, BLOCK_DISCARD, 4096, &vec, 1), 0);
	CHECK_EQ(parts, 13);
	CHECK(disk[4095] && !disk[4096] && !disk[201 * 4096 - 1] && disk[201 * 4096]);
	CHECK_EQ(block_rw(&dev, BLOCK_FLUSH, 0, NULL, 0), 0);
	CHECK_EQ(parts, 14);
	dev.can_flush = dev.can_discard = false;
	CHECK_EQ(block_rw(&dev, BLOCK_FLUSH, 0, NULL, 0), 0);
	CHECK_EQ(block_rw(&dev, BLOCK_DISCARD, 0, &vec, 1), -EOPNOTSUPP);
	CHECK_EQ(parts, 14);
}

static struct block_req *kept; /* by a device that takes its time */
static unsigned done_count;

static void keep(struct block_dev *d __unused, struct block_req *req)
{
	CHECK(!kept);
	kept = req;
}

static void count_done(struct block_io *io __unused)
{
	done_count++;
}

static void end_kept(int status)
{
	struct block_req *req = kept;

	CHECK(req && !done_count);
	kept = NULL;
	check_limits(req);
	transfer(req);
	block_complete(req, status);
}

/* Parts that are done long after they were begun; each begins the next. */
static void test_later(void)
{
	static char buf[10 * 4096];
	struct block_vec vec = { buf, sizeof(buf) };
	struct block_io io = { .dev = &dev, .op = BLOCK_READ, .offset = 8192, .vec = &vec, .nvec = 1, .done = count_done };

	make_device();
	dev.sector_size = 512;
	dev.max_bytes = 4096;
	dev.max_segments = 0;
	dev.submit = keep;
	done_count = 0;
	CHECK_EQ(block_start(&io), 0);
	for (int i = 0; i < 10; i++)
		end_kept(0);
	CHECK(done_count == 1 && !kept && !io.status);
	CHECK(!memcmp(buf, disk + 8192, sizeof(buf)));

	/* Of the parts behind one that fails none is begun. */
	struct block_vec again = { buf, sizeof(buf) };

	io.offset = 8192;
	io.vec = &again;
	io.nvec = 1;
	done_count = 0;
	CHECK_EQ(block_start(&io), 0);
	end_kept(0);
	end_kept(-EIO);
	CHECK(done_count == 1 && !kept && io.status == -EIO);
}

/* Nothing to do: done at once. */
static void test_nothing(void)
{
	struct block_io io = { .dev = &dev, .op = BLOCK_WRITE, .done = count_done };

	make_device();
	done_count = 0;
	CHECK_EQ(block_start(&io), 0);
	CHECK(done_count == 1 && !io.status && !parts);
	dev.can_flush = false;
	io.op = BLOCK_FLUSH;
	CHECK_EQ(block_start(&io), 0);
	CHECK(done_count == 2 && !io.status && !parts);
	dev.read_only = true;
	io.op = BLOCK_WRITE;
	CHECK_EQ(block_start(&io), -EROFS);
	CHECK_EQ(done_count, 2);
}

static uintptr_t lowest_frame, highest_frame;

static void note_frame(struct block_dev *d, struct block_req *req)
{
	uintptr_t frame = (uintptr_t)__builtin_frame_address(0);

	lowest_frame = MIN(lowest_frame, frame);
	highest_frame = MAX(highest_frame, frame);
	submit(d, req);
}

/* A device that is done at once: the stack does not grow with the parts. */
static void test_depth(void)
{
	static char buf[1024 * 512];
	struct block_vec vec = { buf, sizeof(buf) };

	make_device();
	dev.sector_size = dev.max_bytes = 512;
	dev.max_segments = 0;
	dev.submit = note_frame;
	lowest_frame = ~0ul;
	highest_frame = 0;
	CHECK_EQ(block_rw(&dev, BLOCK_READ, 0, &vec, 1), 0);
	CHECK(parts == 1024 && lowest_frame == highest_frame);
}

static struct block_dev *last_released;
static unsigned appeared_count, gone_count;
static int appeared_result;

static void released(struct block_dev *d)
{
	last_released = d;
}

static int appeared(const struct block_dev *d __unused)
{
	appeared_count++;
	return appeared_result;
}

static void gone(const struct block_dev *d __unused)
{
	gone_count++;
}

static void test_registry(void)
{
	static const struct block_listener listener = { appeared, gone };
	static struct block_dev a = { .name = "vda", .sector_size = 512, .release = released };
	static struct block_dev b = { .name = "vda", .sector_size = 4096, .release = released };

	CHECK_EQ(block_register(&a), 0);
	CHECK_EQ(block_register(&b), -EEXIST);
	block_listen(&listener);
	CHECK(appeared_count == 1 && !block_in_use(&a));
	CHECK(!block_get("vdb") && block_get("vda") == &a && block_in_use(&a));
	block_unregister(&a);
	CHECK(gone_count == 1 && !last_released && !block_get("vda"));
	/* The name is free while somebody has the old device. */
	CHECK_EQ(block_register(&b), 0);
	CHECK(appeared_count == 2 && block_get("vda") == &b);
	block_put(&a);
	CHECK(last_released == &a);
	block_put(&b);
	CHECK(last_released == &a);
	block_unregister(&b);
	CHECK(last_released == &b && gone_count == 2);
	/* What the listener refuses is not there. */
	appeared_result = -ENOMEM;
	CHECK_EQ(block_register(&a), -ENOMEM);
	CHECK(!block_get("vda") && gone_count == 2);
}

static unsigned lines;

void log_printf(enum log_level level, const char *fmt, ...)
{
	(void)level;
	(void)fmt;
	lines++;
}

/* A device with these properties is taken, or refused with one line. */
static void check_properties(struct block_dev d, bool good)
{
	memcpy(d.name, "odd", 4);
	lines = 0;
	CHECK_EQ(block_register(&d), good ? 0 : -EINVAL);
	CHECK_EQ(lines, !good);
	if (!good)
		return;
	CHECK(!(d.size % d.sector_size) && !(d.max_discard % d.sector_size));
	CHECK(d.physical_sector_size >= d.sector_size);
	block_unregister(&d);
}

static void test_properties(void)
{
	static const unsigned bad[] = { 0, 1, 256, 511, 513, 520, 1000, 4095, 4097, 8192, 65536, 131072, 1u << 31, ~0u };

	appeared_result = 0;
	for (unsigned i = 0; i < ARRAY_SIZE(bad); i++)
		check_properties((struct block_dev){ .sector_size = bad[i], .size = DISK_SIZE }, false);
	for (unsigned sector = 512; sector <= 4096; sector *= 2) {
		check_properties((struct block_dev){ .sector_size = sector, .size = DISK_SIZE + 513 }, true);
		check_properties((struct block_dev){ .sector_size = sector, .max_bytes = sector - 1 }, false);
		check_properties((struct block_dev){ .sector_size = sector, .size = INT64_MAX }, true);
		check_properties((struct block_dev){ .sector_size = sector, .size = 1ull << 63 }, false);
		check_properties((struct block_dev){ .sector_size = sector, .physical_sector_size = 3 }, true);
		check_properties((struct block_dev){ .sector_size = sector, .can_discard = true, .max_discard = 1 }, true);
	}
}

/* One device that the listener cannot take is no reason to leave out those behind it. */
static void test_listener(void)
{
	static const struct block_listener none = { appeared, gone };
	static struct block_dev d[3] = { { .sector_size = 512 }, { .sector_size = 512 }, { .sector_size = 512 } };

	for (unsigned i = 0; i < ARRAY_SIZE(d); i++) {
		block_name(&d[i], "vd", i + 25);
		CHECK_EQ(block_register(&d[i]), 0);
	}
	CHECK(block_get("vdz") == &d[0] && block_get("vdaa") == &d[1] && block_get("vdab") == &d[2]);
	appeared_count = lines = 0;
	appeared_result = -EEXIST;
	block_listen(&none);
	CHECK_EQ(appeared_count, 3);
	CHECK_EQ(lines, 3);
}

static void test_names(void)
{
	struct block_dev d;

	for (unsigned i = 0; i < 26 * 27; i++) {
		block_name(&d, "xvd", i);
		CHECK_EQ(block_index(d.name, "xvd"), i);
		CHECK_EQ(block_index(d.name, "vd"), -1);
	}
	CHECK_EQ(block_index("vd", "vd"), -1);
	CHECK_EQ(block_index("vdA", "vd"), -1);
	CHECK_EQ(block_index("vdaaaa", "vd"), -1);
}

int main(void)
{
	for (size_t i = 0; i < DISK_SIZE; i++)
		disk[i] = (unsigned char)(i * 13 + (i >> 9));
	test_random();
	test_errors();
	test_discard_and_flush();
	test_later();
	test_nothing();
	test_depth();
	test_registry();
	test_properties();
	test_listener();
	test_names();
	return 0;
}
