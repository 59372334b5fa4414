/* SPDX-License-Identifier: BSD-3-Clause */
/* What calls cost, in nanoseconds each. One machine line per item: "BENCH name ns". */
#define _GNU_SOURCE
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "test.h"

#define FDS 10

static int event, a[2], b[2], file, ep;
static struct pollfd fds[FDS];
static char block[65536];
static volatile long sink;

static long now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000000000L + ts.tv_nsec;
}

static void clock_call(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
}

static void eventfd_write_read(void)
{
	uint64_t v = 1;

	sink += write(event, &v, 8);
	sink += read(event, &v, 8);
}

static void ppoll_10_ready(void)
{
	struct timespec ts = { 1, 0 };

	fds[FDS - 1].events = POLLOUT;
	sink += ppoll(fds, FDS, &ts, NULL);
	fds[FDS - 1].events = POLLIN;
}

static void ppoll_10_none(void)
{
	struct timespec ts = { 0, 0 };

	sink += ppoll(fds, FDS, &ts, NULL);
}

static void epoll_ready(void)
{
	struct epoll_event ev;

	sink += epoll_wait(ep, &ev, 1, 0);
}

static void pipe_write_read(void)
{
	sink += write(a[1], "x", 1);
	sink += read(a[0], block, 1);
}

static void file_read_4k(void)
{
	sink += pread(file, block, 4096, 4096);
}

static void file_read_64k(void)
{
	sink += pread(file, block, 65536, 0);
}

static void file_write_4k(void)
{
	sink += pwrite(file, block, 4096, 8192);
}

static void stat_call(void)
{
	struct stat st;

	sink += stat("/tmp/posix-test-bench", &st);
}

static void open_close(void)
{
	sink += close(open("/tmp/posix-test-bench", O_RDONLY));
}

static int sock[2];

static void socket_write_read(void)
{
	sink += write(sock[0], block, 100);
	sink += read(sock[1], block, 100);
}

static void map_touch_unmap(void)
{
	char *p = mmap(NULL, 65536, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	for (int i = 0; i < 65536; i += 4096)
		p[i] = 1;
	munmap(p, 65536);
}

/* A round trip to another thread: two switches. */
static void ping_pong(void)
{
	sink += write(a[1], "x", 1);
	sink += read(b[0], block, 1);
}

static void *echo(void *unused)
{
	char c;

	while (read(a[0], &c, 1) == 1 && write(b[1], &c, 1) == 1)
		;
	return unused;
}

static void poll_ping_pong(void)
{
	struct pollfd f[3] = { { event, POLLIN, 0 }, { sock[0], POLLIN, 0 }, { b[0], POLLIN, 0 } };

	sink += write(a[1], "x", 1);
	sink += poll(f, 3, -1);
	sink += read(b[0], block, 1);
}

static void measure(const char *name, void (*fn)(void))
{
	long start = now_ns(), n = 0, took;

	do {
		for (int i = 0; i < 100; i++)
			fn();
		n += 100;
		took = now_ns() - start;
	} while (took < 200000000);
	printf("BENCH %s %ld\n", name, took / n);
}

int bench(void)
{
	struct epoll_event ev = { .events = EPOLLOUT };
	pthread_t t;

	file = open("/tmp/posix-test-bench", O_RDWR | O_CREAT | O_TRUNC, 0644);
	event = eventfd(0, 0);
	ep = epoll_create1(0);
	if (pipe(a) || pipe(b) || socketpair(AF_UNIX, SOCK_STREAM, 0, sock) || write(file, block, 65536) != 65536)
		return 1;
	for (int i = 0; i < FDS; i++)
		fds[i] = (struct pollfd){ eventfd(0, 0), POLLIN, 0 };
	epoll_ctl(ep, EPOLL_CTL_ADD, event, &ev);
	measure("clock_gettime", clock_call);
	measure("eventfd_write_read", eventfd_write_read);
	measure("ppoll_10_ready", ppoll_10_ready);
	measure("ppoll_10_none", ppoll_10_none);
	measure("epoll_ready", epoll_ready);
	measure("pipe_write_read", pipe_write_read);
	measure("file_read_4k", file_read_4k);
	measure("file_read_64k", file_read_64k);
	measure("file_write_4k", file_write_4k);
	measure("stat", stat_call);
	measure("open_close", open_close);
	measure("socket_write_read", socket_write_read);
	measure("map_touch_unmap_64k", map_touch_unmap);
	if (pthread_create(&t, NULL, echo, NULL))
		return 1;
	measure("ping_pong", ping_pong);
	measure("poll_ping_pong", poll_ping_pong);
	close(a[1]);
	pthread_join(t, NULL);
	return 0;
}
