/* SPDX-License-Identifier: BSD-3-Clause */
/* Requests that go on by themselves (io_submit(2)): many at once, of odd kinds, and what is closed or unmapped meanwhile. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <poll.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include "aio.h"
#include "test.h"

#define SIZE (16L << 20)
#define READABLE (8L << 20) /* what no test writes to */
#define PLACE (12L << 20) /* to write to */
#define AT_ONCE 64
#define LARGEST (200L << 10)
#define ROUNDS 6

static long submit(unsigned long ctx, long n, struct cb **cbs)
{
	return syscall(SYS_io_submit, ctx, n, cbs);
}

/* The result of one request. */
static int64_t ask(unsigned long ctx, struct cb cb)
{
	struct cb *one = &cb;
	struct event ev;

	if (submit(ctx, 1, &one) != 1)
		return -errno;
	if (syscall(SYS_io_getevents, ctx, 1, 1, &ev, NULL) != 1 || ev.obj != (uintptr_t)&cb)
		return -1000;
	return ev.res;
}

/* AT_ONCE reads of random places, in random pieces, some of them not aligned, at once; an eventfd counts those that are done. */
static bool read_at_once(unsigned long ctx, int fd, int e, char *buf, unsigned *seed)
{
	struct cb cb[AT_ONCE], *all[AT_ONCE];
	struct event ev[AT_ONCE];
	uint64_t n, done = 0;

	for (int i = 0; i < AT_ONCE; i++) {
		long at = rand_r(seed) % (READABLE - LARGEST), len = rand_r(seed) % LARGEST + 1;

		if (rand_r(seed) % 8) {
			at &= ~511L;
			len = (len + 511) & ~511L;
		}
		all[i] = &cb[i];
		cb[i] = (struct cb){ .data = i,
			             .opcode = PREAD,
			             .fd = fd,
			             .buf = (uintptr_t)(buf + i * (LARGEST + 4096)),
			             .nbytes = len,
			             .offset = at,
			             .flags = 1,
			             .resfd = e };
	}
	CHECK(submit(ctx, AT_ONCE, all) == AT_ONCE);
	while (done < AT_ONCE) {
		struct pollfd p = { e, POLLIN, 0 };

		CHECK(poll(&p, 1, 20000) == 1);
		CHECK(read(e, &n, 8) == 8);
		done += n;
	}
	CHECK(syscall(SYS_io_getevents, ctx, AT_ONCE, AT_ONCE, ev, NULL) == AT_ONCE);
	for (int i = 0; i < AT_ONCE; i++) {
		struct cb *c = &cb[ev[i].data];

		CHECK(ev[i].obj == (uintptr_t)c && ev[i].res == (int64_t)c->nbytes);
		CHECK(is_pattern((char *)c->buf, c->offset, c->nbytes));
	}
	return true;
}

bool disk_requests(void)
{
	int fd = open_disk('a', O_RDONLY), e = eventfd(0, 0);
	char *buf = aligned_alloc(4096, AT_ONCE * (LARGEST + 4096));
	unsigned long ctx = 0;
	unsigned seed = 7;

	CHECK(fd >= 0 && e >= 0 && buf && !syscall(SYS_io_setup, AT_ONCE, &ctx));
	for (int i = 0; i < ROUNDS; i++) {
		memset(buf, 0xee, AT_ONCE * (LARGEST + 4096));
		CHECK(read_at_once(ctx, fd, e, buf, &seed));
	}
	CHECK(!syscall(SYS_io_destroy, ctx));
	free(buf);
	close(e);
	close(fd);
	return true;
}

/* What is closed while the request is on its way is closed when it is done. */
static bool close_early(unsigned long ctx)
{
	int fd = open_disk('a', O_RDONLY), e = eventfd(0, 0);
	char *buf = aligned_alloc(4096, 65536);
	struct cb cb = {
		.opcode = PREAD, .fd = fd, .buf = (uintptr_t)buf, .nbytes = 65536, .offset = 8192, .flags = 1, .resfd = e
	};
	struct cb *one = &cb;
	struct event ev;

	CHECK(fd >= 0 && e >= 0 && buf);
	CHECK(submit(ctx, 1, &one) == 1);
	close(fd);
	close(e);
	CHECK(syscall(SYS_io_getevents, ctx, 1, 1, &ev, NULL) == 1 && ev.res == 65536);
	CHECK(is_pattern(buf, 8192, 65536));
	free(buf);
	return true;
}

/* At the end and behind it. */
static bool read_ends(unsigned long ctx, int fd, char *back)
{
	CHECK(ask(ctx,
	          (struct cb){ .opcode = PREAD, .fd = fd, .buf = (uintptr_t)back, .nbytes = 1024, .offset = SIZE - 512 }) ==
	      512);
	CHECK(ask(ctx, (struct cb){ .opcode = PREAD, .fd = fd, .buf = (uintptr_t)back, .nbytes = 1024, .offset = SIZE }) == 0);
	CHECK(ask(ctx,
	          (struct cb){ .opcode = PREAD, .fd = fd, .buf = (uintptr_t)back, .nbytes = 512, .offset = INT64_MAX - 512 }) ==
	      0);
	CHECK(ask(ctx,
	          (struct cb){ .opcode = PREAD, .fd = fd, .buf = (uintptr_t)back, .nbytes = 512, .offset = INT64_MAX - 511 }) ==
	      -EINVAL);
	CHECK(ask(ctx, (struct cb){ .opcode = PREAD, .fd = fd, .buf = (uintptr_t)back, .nbytes = 0, .offset = 0 }) == 0);
	return true;
}

bool disk_odd_requests(void)
{
	int fd = open_disk('a', O_RDWR), direct = open_disk('a', O_RDONLY | O_DIRECT);
	char *buf = aligned_alloc(4096, 8192), *back = aligned_alloc(4096, 8192);
	struct iovec vec[2] = { { back, 3 }, { back + 3, 4093 } };
	unsigned long ctx = 0;

	CHECK(fd >= 0 && direct >= 0 && buf && back && !syscall(SYS_io_setup, 1, &ctx));
	memset(buf, 0x77, 8192);
	CHECK(ask(ctx, (struct cb){ .opcode = PWRITE, .fd = fd, .buf = (uintptr_t)buf, .nbytes = 8192, .offset = PLACE }) ==
	      8192);
	CHECK(ask(ctx,
	          (struct cb){ .opcode = PWRITE, .fd = fd, .buf = (uintptr_t) "odd", .nbytes = 3, .offset = PLACE + 1022 }) ==
	      3);
	memcpy(buf + 1022, "odd", 3);
	CHECK(ask(ctx, (struct cb){ .opcode = FDSYNC, .fd = fd }) == 0);
	CHECK(ask(ctx, (struct cb){ .opcode = FSYNC, .fd = fd }) == 0);
	CHECK(ask(ctx, (struct cb){ .opcode = PREADV, .fd = fd, .buf = (uintptr_t)vec, .nbytes = 2, .offset = PLACE }) == 4096);
	CHECK(!memcmp(buf, back, 4096));
	CHECK(read_ends(ctx, fd, back));
	CHECK(ask(ctx, (struct cb){ .opcode = PWRITE, .fd = fd, .buf = (uintptr_t)buf, .nbytes = 512, .offset = SIZE }) ==
	      -ENOSPC);
	/* With O_DIRECT only what is aligned. */
	CHECK(ask(ctx, (struct cb){ .opcode = PREAD, .fd = direct, .buf = (uintptr_t)back, .nbytes = 512, .offset = 512 }) ==
	      512);
	CHECK(ask(ctx, (struct cb){ .opcode = PREAD, .fd = direct, .buf = (uintptr_t)back, .nbytes = 512, .offset = 1 }) ==
	      -EINVAL);
	CHECK(ask(ctx, (struct cb){ .opcode = PREAD, .fd = direct, .buf = (uintptr_t)(back + 1), .nbytes = 512 }) == -EINVAL);
	for (int i = 0; i < 20; i++)
		CHECK(close_early(ctx));
	/* The context's end waits for what is on its way. */
	struct cb last = { .opcode = PREAD, .fd = fd, .buf = (uintptr_t)back, .nbytes = 4096 }, *one = &last;

	CHECK(submit(ctx, 1, &one) == 1);
	CHECK(!syscall(SYS_io_destroy, ctx));
	CHECK(is_pattern(back, 0, 4096));
	free(buf);
	free(back);
	close(direct);
	close(fd);
	return true;
}
