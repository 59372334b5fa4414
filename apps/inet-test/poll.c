/* SPDX-License-Identifier: BSD-3-Clause */
/* Readiness of streams, state by state, and edges. */
#define _GNU_SOURCE
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "test.h"

static bool states(void)
{
	unsigned port;
	int l = listener(&port), s = socket(AF_INET, SOCK_STREAM, 0), c;
	struct sockaddr_in a = local(port);
	char buf[8];

	CHECK_EQ(events_of(s, 0), POLLOUT | POLLHUP);
	CHECK_EQ(events_of(l, 0), 0);
	CHECK_EQ(connect(s, (struct sockaddr *)&a, sizeof(a)), 0);
	CHECK(events_until(l, POLLIN) == POLLIN);
	c = accept(l, NULL, NULL);
	CHECK_EQ(events_of(l, 0), 0);
	CHECK_EQ(events_of(s, 0), POLLOUT);
	CHECK_EQ(events_of(c, 0), POLLOUT);
	CHECK_EQ(write(s, "x", 1), 1);
	CHECK_EQ(events_until(c, POLLIN), POLLIN | POLLOUT);
	CHECK_EQ(read(c, buf, sizeof(buf)), 1);
	CHECK_EQ(events_of(c, 0), POLLOUT);
	CHECK_EQ(shutdown(s, SHUT_WR), 0);
	CHECK_EQ(events_until(c, POLLRDHUP), POLLIN | POLLOUT | POLLRDHUP);
	CHECK_EQ(events_of(s, 0), POLLOUT);
	CHECK_EQ(shutdown(c, SHUT_WR), 0);
	CHECK_EQ(events_until(c, POLLHUP), POLLIN | POLLOUT | POLLRDHUP | POLLHUP);
	CHECK_EQ(events_until(s, POLLHUP), POLLIN | POLLOUT | POLLRDHUP | POLLHUP);
	close(s);
	close(c);
	return !close(l);
}

static bool after_reset(void)
{
	struct linger now = { 1, 0 };
	int s[2], error;
	socklen_t len = sizeof(error);

	CHECK(connected(s));
	CHECK_EQ(setsockopt(s[0], SOL_SOCKET, SO_LINGER, &now, sizeof(now)), 0);
	close(s[0]);
	CHECK_EQ(events_until(s[1], POLLERR), POLLIN | POLLOUT | POLLRDHUP | POLLHUP | POLLERR);
	CHECK_EQ(getsockopt(s[1], SOL_SOCKET, SO_ERROR, &error, &len), 0);
	CHECK_EQ(error, ECONNRESET);
	CHECK_EQ(events_of(s[1], 0), POLLIN | POLLOUT | POLLRDHUP | POLLHUP);
	return !close(s[1]);
}

static bool edges(void)
{
	struct epoll_event e = { .events = EPOLLIN | EPOLLET }, out;
	int s[2], ep = epoll_create1(0);
	char buf[8];

	CHECK(connected(s));
	CHECK_EQ(epoll_ctl(ep, EPOLL_CTL_ADD, s[1], &e), 0);
	CHECK_EQ(epoll_wait(ep, &out, 1, 0), 0);
	CHECK_EQ(write(s[0], "ab", 2), 2);
	CHECK_EQ(epoll_wait(ep, &out, 1, 10000), 1);
	CHECK_EQ(out.events, EPOLLIN);
	CHECK_EQ(epoll_wait(ep, &out, 1, 0), 0);
	CHECK_EQ(read(s[1], buf, 1), 1);
	CHECK_EQ(epoll_wait(ep, &out, 1, 0), 0);
	CHECK_EQ(write(s[0], "c", 1), 1);
	CHECK_EQ(epoll_wait(ep, &out, 1, 10000), 1);
	CHECK_EQ(read(s[1], buf, sizeof(buf)), 2);
	CHECK_EQ(close(s[0]), 0);
	CHECK_EQ(epoll_wait(ep, &out, 1, 10000), 1);
	CHECK_EQ(read(s[1], buf, sizeof(buf)), 0);
	close(ep);
	return !close(s[1]);
}

const struct test poll_tests[] = {
	{ "poll.states", states },
	{ "poll.after_reset", after_reset },
	{ "poll.edges", edges },
	{ NULL, NULL },
};
