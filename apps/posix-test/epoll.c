/* SPDX-License-Identifier: BSD-3-Clause */
/* epoll. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "test.h"

static void put(int fd, uint64_t n)
{
	if (write(fd, &n, sizeof(n)) != sizeof(n))
		printf("# write to the eventfd failed\n");
}

static void get(int fd)
{
	uint64_t n;

	if (read(fd, &n, sizeof(n)) != sizeof(n))
		printf("# read from the eventfd failed\n");
}

static int add(int ep, int fd, unsigned events)
{
	struct epoll_event ev = { .events = events, .data.fd = fd };

	return epoll_ctl(ep, EPOLL_CTL_ADD, fd, &ev);
}

static void level(void)
{
	struct epoll_event ev[4];
	int ep = epoll_create1(EPOLL_CLOEXEC), fd = eventfd(0, 0);

	CHECK_EQ(add(ep, fd, EPOLLIN), 0);
	CHECK_ERR(add(ep, fd, EPOLLIN), EEXIST);
	CHECK_EQ(epoll_wait(ep, ev, 4, 0), 0);
	put(fd, 1);
	CHECK_EQ(epoll_wait(ep, ev, 4, -1), 1);
	CHECK(ev[0].data.fd == fd && ev[0].events == EPOLLIN);
	CHECK_EQ(epoll_wait(ep, ev, 4, 0), 1); /* still */
	get(fd);
	CHECK_EQ(epoll_wait(ep, ev, 4, 0), 0);
	close(fd);
	close(ep);
}

static void edge(void)
{
	struct epoll_event ev[4];
	int ep = epoll_create1(0), fd = eventfd(0, 0);

	put(fd, 1);
	CHECK_EQ(add(ep, fd, EPOLLIN | EPOLLET), 0);
	CHECK_EQ(epoll_wait(ep, ev, 4, 0), 1);
	CHECK_EQ(epoll_wait(ep, ev, 4, 0), 0);
	put(fd, 1);
	CHECK_EQ(epoll_wait(ep, ev, 4, 0), 1);
	CHECK_EQ(epoll_wait(ep, ev, 4, 0), 0);
	close(fd);
	close(ep);
}

static void one_shot(void)
{
	struct epoll_event ev[4], again = { .events = EPOLLIN | EPOLLONESHOT };
	int ep = epoll_create1(0), fd = eventfd(1, 0);

	CHECK_EQ(add(ep, fd, EPOLLIN | EPOLLONESHOT), 0);
	CHECK_EQ(epoll_wait(ep, ev, 4, 0), 1);
	put(fd, 1);
	CHECK_EQ(epoll_wait(ep, ev, 4, 0), 0);
	CHECK_EQ(epoll_ctl(ep, EPOLL_CTL_MOD, fd, &again), 0);
	CHECK_EQ(epoll_wait(ep, ev, 4, 0), 1);
	close(fd);
	close(ep);
}

static void fairness(void)
{
	struct epoll_event ev[2];
	int ep = epoll_create1(0), fds[6], seen[6] = { 0 };

	for (int i = 0; i < 6; i++) {
		struct epoll_event e = { .events = EPOLLIN, .data.u32 = i };

		fds[i] = eventfd(1, 0);
		CHECK_EQ(epoll_ctl(ep, EPOLL_CTL_ADD, fds[i], &e), 0);
	}
	for (int round = 0; round < 3; round++) {
		CHECK_EQ(epoll_wait(ep, ev, 2, 0), 2);
		seen[ev[0].data.u32]++;
		seen[ev[1].data.u32]++;
	}
	for (int i = 0; i < 6; i++) {
		CHECK_EQ(seen[i], 1);
		close(fds[i]);
	}
	close(ep);
}

static void errors(void)
{
	struct epoll_event ev = { .events = EPOLLIN };
	int ep = epoll_create1(0), other = epoll_create1(0), fd = eventfd(0, 0), file = open("/tmp", O_RDONLY);

	CHECK_ERR(epoll_create1(12345), EINVAL);
	CHECK_ERR(epoll_ctl(ep, EPOLL_CTL_DEL, fd, NULL), ENOENT);
	CHECK_ERR(epoll_ctl(ep, EPOLL_CTL_MOD, fd, &ev), ENOENT);
	CHECK_ERR(epoll_ctl(ep, 99, fd, &ev), EINVAL);
	CHECK_ERR(epoll_ctl(ep, EPOLL_CTL_ADD, 999, &ev), EBADF);
	CHECK_ERR(epoll_ctl(fd, EPOLL_CTL_ADD, ep, &ev), EINVAL);
	CHECK_ERR(epoll_ctl(ep, EPOLL_CTL_ADD, ep, &ev), EINVAL);
	CHECK_ERR(epoll_ctl(ep, EPOLL_CTL_ADD, file, &ev), EPERM);
	CHECK_ERR(epoll_wait(ep, &ev, 0, 0), EINVAL);
	CHECK_ERR(epoll_wait(fd, &ev, 1, 0), EINVAL);
	close(ep);
	close(other);
	close(fd);
	close(file);
}

static void closing_removes(void)
{
	struct epoll_event ev;
	int ep = epoll_create1(0), fd = eventfd(1, 0), copy = dup(fd);

	CHECK_EQ(add(ep, fd, EPOLLIN), 0);
	close(fd);
	CHECK_EQ(epoll_wait(ep, &ev, 1, 0), 1); /* the duplicate keeps the file */
	close(copy);
	CHECK_EQ(epoll_wait(ep, &ev, 1, 0), 0);
	close(ep);
}

static void put_one(void *fd)
{
	put(*(int *)fd, 1);
}

static void waiting(void)
{
	struct epoll_event ev;
	int ep = epoll_create1(0), fd = eventfd(0, 0);
	struct pollfd f = { ep, POLLIN, 0 };
	long start = test_now();

	CHECK_EQ(add(ep, fd, EPOLLIN), 0);
	CHECK_EQ(epoll_wait(ep, &ev, 1, 30), 0);
	CHECK(test_now() - start >= 29);
	CHECK_EQ(poll(&f, 1, 0), 0);
	test_later(30, put_one, &fd);
	CHECK_EQ(epoll_wait(ep, &ev, 1, 5000), 1);
	test_join();
	CHECK_EQ(poll(&f, 1, 0), 1);
	get(fd);
	CHECK_EQ(poll(&f, 1, 0), 0);
	test_later(30, put_one, &fd);
	CHECK_EQ(poll(&f, 1, 5000), 1);
	test_join();
	close(fd);
	close(ep);
}

const struct test epoll_tests[] = {
	{ "level", level },       { "edge", edge },
	{ "one_shot", one_shot }, { "fairness", fairness },
	{ "errors", errors },     { "closing_removes", closing_removes },
	{ "waiting", waiting },   { 0 },
};
