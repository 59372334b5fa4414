/* SPDX-License-Identifier: BSD-3-Clause */
/* io_setup(2) and its siblings, on files for which requests are done at once. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <poll.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#include "test.h"

enum { PREAD, PWRITE, FSYNC, FDSYNC, NOOP = 6, PREADV, PWRITEV };

#define RESFD 1
#define LIMIT 8

struct cb {
	uint64_t data;
	uint32_t key;
	int32_t rw_flags;
	uint16_t opcode;
	int16_t priority;
	uint32_t fd;
	uint64_t buf;
	uint64_t nbytes;
	int64_t offset;
	uint64_t reserved;
	uint32_t flags;
	uint32_t resfd;
};

struct event {
	uint64_t data, obj;
	int64_t res, res2;
};

struct ring {
	uint32_t id, nr, head, tail, magic, compat, incompat, header_length;
	struct event events[];
};

static unsigned long ctx;

static long setup(unsigned n, unsigned long *at)
{
	return syscall(SYS_io_setup, n, at);
}

static long destroy(unsigned long at)
{
	return syscall(SYS_io_destroy, at);
}

static long submit(long n, struct cb **cbs)
{
	return syscall(SYS_io_submit, ctx, n, cbs);
}

static long submit_one(struct cb *cb)
{
	return submit(1, &cb);
}

static long take(long min, long max, struct event *out)
{
	struct timespec two = { 2, 0 };

	return syscall(SYS_io_getevents, ctx, min, max, out, &two);
}

/* A context of LIMIT events, in @ctx. */
static bool begin(void)
{
	ctx = 0;
	return !setup(LIMIT, &ctx) && ctx;
}

static int file(void)
{
	char name[] = "/tmp/aioXXXXXX";
	int fd = mkstemp(name);

	unlink(name);
	return fd;
}

static void contexts(void)
{
	unsigned long a = 0, b = 1;

	CHECK_ERR(setup(0, &a), EINVAL);
	CHECK_ERR(setup(1, &b), EINVAL);
	CHECK_ERR(setup(1, NULL), EFAULT);
	CHECK_ERR(setup(1u << 23, &a), EINVAL);
	CHECK_ERR(setup(1u << 22, &a), EAGAIN);
	CHECK_EQ(a, 0);
	CHECK_ERR(destroy(0), EINVAL);
	CHECK_ERR(destroy((unsigned long)&a), EINVAL);
	CHECK_EQ(setup(1, &a), 0);
	b = 0;
	CHECK_EQ(setup(100, &b), 0);
	CHECK(a && b && a != b);
	CHECK_EQ(destroy(a), 0);
	CHECK_ERR(destroy(a), EINVAL);
	CHECK_EQ(destroy(b), 0);
	/* Nothing is left of those that went. */
	for (int i = 0; i < 300; i++) {
		a = 0;
		CHECK_EQ(setup(2000, &a), 0);
		CHECK_EQ(destroy(a), 0);
	}
}

static void transfers(void)
{
	char out[] = "0123456789", in[16] = "", more[8] = "";
	struct iovec vec[2] = { { in, 3 }, { more, 4 } };
	struct event ev[4];
	int fd = file();
	struct cb w = { .data = 11, .opcode = PWRITE, .fd = fd, .buf = (uintptr_t)out, .nbytes = 10, .offset = 5 };
	struct cb r = { .data = 12, .opcode = PREADV, .fd = fd, .buf = (uintptr_t)vec, .nbytes = 2, .offset = 6 };
	struct cb s = { .data = 13, .opcode = FDSYNC, .fd = fd };
	struct cb *all[] = { &w, &r, &s };

	CHECK(begin());
	CHECK_EQ(submit(3, all), 3);
	memset(ev, 0xff, sizeof(ev));
	CHECK_EQ(take(3, 4, ev), 3);
	for (int i = 0; i < 3; i++) {
		struct cb *cb = all[ev[i].data - 11];

		CHECK(ev[i].data >= 11 && ev[i].data <= 13 && ev[i].obj == (uintptr_t)cb);
		CHECK_EQ(ev[i].res, cb == &w ? 10 : cb == &r ? 7 : 0);
		CHECK_EQ(ev[i].res2, 0);
	}
	CHECK(!memcmp(in, "123", 3) && !memcmp(more, "4567", 4));
	/* At the end there is less, behind it nothing. */
	r.offset = 12;
	CHECK_EQ(submit_one(&r), 1);
	CHECK_EQ(take(1, 1, ev), 1);
	CHECK_EQ(ev[0].res, 3);
	r.offset = 15;
	CHECK_EQ(submit_one(&r), 1);
	CHECK_EQ(take(1, 1, ev), 1);
	CHECK_EQ(ev[0].res, 0);
	CHECK_EQ(lseek(fd, 0, SEEK_CUR), 0);
	CHECK_EQ(destroy(ctx), 0);
	close(fd);
}

/* Errors of the call: nothing is begun, and no event comes. */
static void refused(void)
{
	char b[8];
	int fd = file(), ro = open("/dev/null", O_RDONLY), wo = open("/dev/null", O_WRONLY), dir = open("/", O_RDONLY), p[2];
	struct iovec vec = { b, 8 }, negative = { b, ~0ul };
	struct cb good = { .opcode = PREAD, .fd = fd, .buf = (uintptr_t)b, .nbytes = 8 }, cb;
	struct cb *two[] = { &good, &cb };
	struct event ev[2];
	struct {
		struct cb cb;
		int error;
	} cases[] = {
		{ { .opcode = PREAD, .fd = 9999, .buf = (uintptr_t)b, .nbytes = 8 }, EBADF },
		{ { .opcode = PREAD, .fd = ~0u, .buf = (uintptr_t)b, .nbytes = 8 }, EBADF },
		{ { .opcode = PREAD, .fd = wo, .buf = (uintptr_t)b, .nbytes = 8 }, EBADF },
		{ { .opcode = PWRITE, .fd = ro, .buf = (uintptr_t)b, .nbytes = 8 }, EBADF },
		{ { .opcode = PREAD, .fd = dir, .buf = (uintptr_t)b, .nbytes = 8 }, EINVAL },
		{ { .opcode = PREAD, .fd = fd, .buf = (uintptr_t)b, .nbytes = 8, .offset = -1 }, EINVAL },
		{ { .opcode = PREAD, .fd = fd, .buf = (uintptr_t)b, .nbytes = 8, .reserved = 1 }, EINVAL },
		{ { .opcode = PREAD, .fd = fd, .buf = (uintptr_t)b, .nbytes = 8, .rw_flags = 1 << 30 }, EOPNOTSUPP },
		{ { .opcode = PREAD, .fd = fd, .buf = (uintptr_t)b, .nbytes = 8, .flags = RESFD, .resfd = fd }, EINVAL },
		{ { .opcode = PREAD, .fd = fd, .buf = (uintptr_t)b, .nbytes = 8, .flags = RESFD, .resfd = 9999 }, EBADF },
		{ { .opcode = PREADV, .fd = fd, .buf = (uintptr_t)&vec, .nbytes = 1025 }, EINVAL },
		{ { .opcode = PREADV, .fd = fd, .buf = (uintptr_t)&negative, .nbytes = 1 }, EINVAL },
		{ { .opcode = PWRITEV, .fd = fd, .nbytes = 1 }, EFAULT },
		{ { .opcode = NOOP, .fd = fd }, EINVAL },
		{ { .opcode = 999, .fd = fd }, EINVAL },
		{ { .opcode = FSYNC, .fd = fd, .nbytes = 1 }, EINVAL },
		{ { .opcode = FDSYNC, .fd = fd, .offset = 1 }, EINVAL },
	};

	CHECK(begin());
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		cb = cases[i].cb;
		CHECK_ERR(submit_one(&cb), cases[i].error);
		/* One behind a good one: the good one counts. */
		CHECK_EQ(submit(2, two), 1);
		CHECK_EQ(take(1, 2, ev), 1);
		CHECK(ev[0].obj == (uintptr_t)&good && ev[0].res == 0);
	}
	CHECK_EQ(pipe(p), 0);
	cb = (struct cb){ .opcode = FSYNC, .fd = p[0] };
	CHECK_ERR(submit_one(&cb), EINVAL);
	CHECK_EQ(submit(0, two), 0);
	CHECK_ERR(submit(-1, two), EINVAL);
	CHECK_ERR(submit(1, NULL), EFAULT);
	two[0] = NULL;
	CHECK_ERR(submit(1, two), EFAULT);
	CHECK_EQ(destroy(ctx), 0);
	CHECK_ERR(submit_one(&good), EINVAL);
	close(fd), close(ro), close(wo), close(dir), close(p[0]), close(p[1]);
}

static void waiting(void)
{
	struct timespec none = { 0, 0 }, little = { 0, 20000000 };
	struct event ev[2];

	CHECK(begin());
	CHECK_EQ(syscall(SYS_io_getevents, ctx, 0, 2, ev, NULL), 0);
	CHECK_EQ(syscall(SYS_io_getevents, ctx, 2, 2, ev, &none), 0);
	CHECK_ERR(syscall(SYS_io_getevents, ctx, 2, 1, ev, &none), EINVAL);
	CHECK_ERR(syscall(SYS_io_getevents, ctx, -1, 1, ev, &none), EINVAL);
	CHECK_ERR(syscall(SYS_io_getevents, 4711, 0, 1, ev, &none), EINVAL);
	long start = test_now();

	CHECK_EQ(syscall(SYS_io_getevents, ctx, 1, 1, ev, &little), 0);
	CHECK(test_now() - start >= 19);
	CHECK_EQ(destroy(ctx), 0);
}

static void signalled(void)
{
	int fd = file(), e = eventfd(5, EFD_NONBLOCK);
	struct cb cb = { .opcode = PWRITE, .fd = fd, .buf = (uintptr_t) "x", .nbytes = 1, .flags = RESFD, .resfd = e };
	struct pollfd f = { e, POLLIN, 0 };
	struct event ev;
	uint64_t n;

	CHECK(begin());
	CHECK_EQ(submit_one(&cb), 1);
	CHECK_EQ(submit_one(&cb), 1);
	CHECK_EQ(poll(&f, 1, 2000), 1);
	CHECK_EQ(take(2, 1, &ev), -1);
	CHECK_EQ(take(1, 1, &ev), 1);
	CHECK_EQ(take(1, 1, &ev), 1);
	CHECK_EQ(read(e, &n, 8), 8);
	CHECK_EQ(n, 7);
	CHECK_EQ(destroy(ctx), 0);
	close(e), close(fd);
}

/* The program takes events from the ring itself. */
static void ring(void)
{
	int fd = file();
	struct cb cb = { .opcode = PWRITE, .fd = fd, .buf = (uintptr_t) "x", .nbytes = 1 };
	struct event ev;

	CHECK(begin());
	struct ring *r = (struct ring *)ctx;

	CHECK(r->magic == 0xa10a10a1 && r->compat == 1 && r->incompat == 0 && r->header_length == sizeof(*r));
	CHECK(r->nr > LIMIT && r->head == 0 && r->tail == 0);
	for (unsigned i = 0; i < 3 * r->nr; i++) {
		cb.data = i;
		CHECK_EQ(submit_one(&cb), 1);
		CHECK_EQ(r->head, i % r->nr);
		CHECK_EQ(r->tail, (i + 1) % r->nr);
		CHECK(r->events[r->head].data == i && r->events[r->head].res == 1);
		r->head = (r->head + 1) % r->nr;
	}
	CHECK_EQ(syscall(SYS_io_getevents, ctx, 0, 1, &ev, NULL), 0);
	CHECK_EQ(destroy(ctx), 0);
	close(fd);
}

/* Whatever the program writes into the ring, it harms itself only. */
static void spoilt_ring(void)
{
	static const uint32_t words[] = { 0, 1, 7, 8, 9, 4095, 1u << 20, 1u << 31, ~0u };
	int fd = file();
	struct cb cb = { .opcode = PWRITE, .fd = fd, .buf = (uintptr_t) "x", .nbytes = 1 };
	struct timespec none = { 0, 0 };
	struct event ev[2];

	CHECK(begin());
	struct ring *r = (struct ring *)ctx;
	struct ring saved = *r;

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		r->head = words[i];
		submit_one(&cb);
		submit_one(&cb);
		long n = syscall(SYS_io_getevents, ctx, 0, 2, ev, &none);

		CHECK(n <= 2);
	}
	r->id = saved.id;
	CHECK_EQ(destroy(ctx), 0);
	close(fd);
}

/* Events that nobody takes: there is an end, and it goes on when they are taken. */
static void full(void)
{
	int fd = file();
	struct cb cb = { .opcode = PWRITE, .fd = fd, .buf = (uintptr_t) "x", .nbytes = 1 };
	struct event ev[4];
	int n = 0;

	CHECK(begin());
	while (n < 10000 && submit_one(&cb) == 1)
		n++;
	CHECK(n >= LIMIT && n < 10000 && errno == EAGAIN);
	CHECK_EQ(take(4, 4, ev), 4);
	CHECK_EQ(submit_one(&cb), 1);
	CHECK_EQ(destroy(ctx), 0);
	close(fd);
}

static void a_pipe(void)
{
	int p[2];
	char b[4] = "";

	CHECK_EQ(pipe(p), 0);
	struct cb w = { .opcode = PWRITE, .fd = p[1], .buf = (uintptr_t) "abc", .nbytes = 3 };
	struct cb r = { .opcode = PREAD, .fd = p[0], .buf = (uintptr_t)b, .nbytes = 3 };
	struct cb *both[] = { &w, &r };
	struct event ev[2];

	CHECK(begin());
	CHECK_EQ(submit(2, both), 2);
	CHECK_EQ(take(2, 2, ev), 2);
	CHECK(ev[0].res == 3 && ev[1].res == 3 && !strcmp(b, "abc"));
	CHECK_EQ(destroy(ctx), 0);
	close(p[0]), close(p[1]);
}

static void destroy_later(void *unused)
{
	(void)unused;
	destroy(ctx);
}

/* Who waits for events of a context that goes does not wait for ever. */
static void destroyed(void)
{
	struct event ev;

	CHECK(begin());
	test_later(30, destroy_later, NULL);
	CHECK_ERR(syscall(SYS_io_getevents, ctx, 1, 1, &ev, NULL), EINVAL);
	test_join();
	CHECK_ERR(destroy(ctx), EINVAL);
}

static void no_cancelling(void)
{
	int fd = file();
	struct cb cb = { .opcode = PWRITE, .fd = fd, .buf = (uintptr_t) "x", .nbytes = 1 };
	struct event ev;

	CHECK(begin());
	CHECK_EQ(submit_one(&cb), 1);
	CHECK_ERR(syscall(SYS_io_cancel, ctx, &cb, &ev), EINVAL);
	CHECK_ERR(syscall(SYS_io_cancel, ctx, NULL, &ev), EFAULT);
	CHECK_EQ(destroy(ctx), 0);
	close(fd);
}

const struct test aio_tests[] = {
	{ "contexts", contexts },
	{ "transfers", transfers },
	{ "refused", refused },
	{ "waiting", waiting },
	{ "signalled", signalled },
	{ "ring", ring },
	{ "spoilt_ring", spoilt_ring },
	{ "full", full },
	{ "a_pipe", a_pipe },
	{ "destroyed", destroyed },
	{ "no_cancelling", no_cancelling },
	{ 0 },
};
