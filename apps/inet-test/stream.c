/* SPDX-License-Identifier: BSD-3-Clause */
/* Streams (TCP). */
#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/sysinfo.h>
#include <sys/time.h>
#include <unistd.h>

#include <arpa/inet.h>
#include <netinet/tcp.h>

#include "test.h"

#define MANY 1000
#define BULK (1u << 20)

static bool names(void)
{
	int s[2];
	struct sockaddr_in a, b;
	socklen_t len = sizeof(a);
	char buf[16];

	CHECK(connected(s));
	CHECK_EQ(getsockname(s[0], (struct sockaddr *)&a, &len), 0);
	CHECK_EQ(len, sizeof(a));
	CHECK_EQ(getpeername(s[1], (struct sockaddr *)&b, &len), 0);
	CHECK_EQ(a.sin_port, b.sin_port);
	CHECK_EQ(b.sin_addr.s_addr, htonl(INADDR_LOOPBACK));
	CHECK_EQ(write(s[0], "hello", 5), 5);
	CHECK_EQ(read(s[1], buf, sizeof(buf)), 5);
	CHECK(!memcmp(buf, "hello", 5));
	CHECK_EQ(send(s[1], "back", 4, 0), 4);
	CHECK_EQ(recv(s[0], buf, 2, MSG_PEEK), 2);
	CHECK_EQ(recv(s[0], buf, sizeof(buf), 0), 4);
	close(s[0]);
	CHECK_EQ(read(s[1], buf, sizeof(buf)), 0);
	return !close(s[1]);
}

static bool refused(void)
{
	unsigned port;
	int l = listener(&port), s = socket(AF_INET, SOCK_STREAM, 0), error;
	struct sockaddr_in a = local(port);
	socklen_t len = sizeof(error);

	CHECK_EQ(close(l), 0);
	CHECK_ERR(connect(s, (struct sockaddr *)&a, sizeof(a)), ECONNREFUSED);
	close(s);
	s = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
	if (connect(s, (struct sockaddr *)&a, sizeof(a)) < 0 && errno == EINPROGRESS)
		events_of(s, 10000);
	else
		CHECK_EQ(errno, ECONNREFUSED);
	CHECK_EQ(getsockopt(s, SOL_SOCKET, SO_ERROR, &error, &len), 0);
	CHECK_EQ(error, ECONNREFUSED);
	CHECK_EQ(getsockopt(s, SOL_SOCKET, SO_ERROR, &error, &len), 0);
	CHECK_EQ(error, 0);
	return !close(s);
}

static bool not_blocking(void)
{
	unsigned port;
	int l = listener(&port), s = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), c;
	struct sockaddr_in a = local(port);
	char buf[4];

	fcntl(l, F_SETFL, O_NONBLOCK);
	CHECK_ERR(accept(l, NULL, NULL), EAGAIN);
	CHECK_ERR(connect(s, (struct sockaddr *)&a, sizeof(a)), EINPROGRESS);
	CHECK(events_until(l, POLLIN) & POLLIN);
	CHECK(events_until(s, POLLOUT) & POLLOUT);
	CHECK_EQ(connect(s, (struct sockaddr *)&a, sizeof(a)), 0);
	CHECK_ERR(connect(s, (struct sockaddr *)&a, sizeof(a)), EISCONN);
	c = accept4(l, NULL, NULL, SOCK_NONBLOCK);
	CHECK(c >= 0);
	CHECK_ERR(read(c, buf, sizeof(buf)), EAGAIN);
	CHECK_ERR(recv(s, buf, sizeof(buf), 0), EAGAIN);
	close(s);
	close(c);
	return !close(l);
}

static bool half_closed(void)
{
	int s[2];
	char buf[8];

	CHECK(connected(s));
	CHECK_EQ(write(s[0], "last", 4), 4);
	CHECK_EQ(shutdown(s[0], SHUT_WR), 0);
	CHECK_EQ(read(s[1], buf, sizeof(buf)), 4);
	CHECK_EQ(read(s[1], buf, sizeof(buf)), 0);
	CHECK_EQ(write(s[1], "still", 5), 5);
	CHECK_EQ(read(s[0], buf, sizeof(buf)), 5);
	signal(SIGPIPE, SIG_IGN);
	CHECK_ERR(write(s[0], "x", 1), EPIPE);
	CHECK_EQ(close(s[1]), 0);
	CHECK_EQ(read(s[0], buf, sizeof(buf)), 0);
	return !close(s[0]);
}

/* Unread data at close(), and SO_LINGER without time: a reset. */
static bool reset(void)
{
	struct linger l = { 1, 0 };
	int s[2];
	char buf[8];

	CHECK(connected(s));
	CHECK_EQ(write(s[0], "unread", 6), 6);
	CHECK(events_until(s[1], POLLIN) & POLLIN);
	CHECK_EQ(close(s[1]), 0);
	CHECK(events_until(s[0], POLLERR) & POLLERR);
	CHECK_ERR(read(s[0], buf, sizeof(buf)), ECONNRESET);
	CHECK_EQ(read(s[0], buf, sizeof(buf)), 0);
	close(s[0]);
	CHECK(connected(s));
	CHECK_EQ(setsockopt(s[1], SOL_SOCKET, SO_LINGER, &l, sizeof(l)), 0);
	CHECK_EQ(close(s[1]), 0);
	CHECK(events_until(s[0], POLLERR) & POLLERR);
	CHECK_ERR(read(s[0], buf, sizeof(buf)), ECONNRESET);
	return !close(s[0]);
}

static volatile sig_atomic_t pipes;

static void count_pipe(int number)
{
	(void)number;
	pipes++;
}

static bool pipe_signal(void)
{
	int s[2];

	CHECK(connected(s));
	signal(SIGPIPE, count_pipe);
	CHECK_EQ(shutdown(s[0], SHUT_RDWR), 0);
	CHECK_ERR(send(s[0], "x", 1, MSG_NOSIGNAL), EPIPE);
	CHECK_EQ(pipes, 0);
	CHECK_ERR(write(s[0], "x", 1), EPIPE);
	CHECK_EQ(pipes, 1);
	signal(SIGPIPE, SIG_IGN);
	close(s[0]);
	return !close(s[1]);
}

static void *slow_reader(void *arg)
{
	static char buf[5000];
	int fd = *(int *)arg;
	unsigned long sum = 0;
	ssize_t n;

	usleep(50000);
	while ((n = read(fd, buf, sizeof(buf))) > 0)
		for (ssize_t i = 0; i < n; i++)
			sum = sum * 31 + (unsigned char)buf[i];
	return (void *)sum;
}

static bool bulk(void)
{
	unsigned char *data = malloc(BULK);
	unsigned long sum = 0;
	pthread_t reader;
	void *got;
	int s[2];

	CHECK(data && connected(s));
	for (unsigned i = 0; i < BULK; i++) {
		data[i] = (unsigned char)(i * 7 + i / 251);
		sum = sum * 31 + data[i];
	}
	CHECK_EQ(pthread_create(&reader, NULL, slow_reader, &s[1]), 0);
	CHECK_EQ(write(s[0], data, BULK), BULK);
	CHECK_EQ(close(s[0]), 0);
	CHECK_EQ(pthread_join(reader, &got), 0);
	CHECK((unsigned long)got == sum);
	free(data);
	return !close(s[1]);
}

/* A full connection, then room. */
static bool full(void)
{
	static char buf[65536];
	int s[2];
	size_t sent = 0, got = 0;
	ssize_t n;

	CHECK(connected(s));
	fcntl(s[0], F_SETFL, O_NONBLOCK);
	while ((n = write(s[0], buf, sizeof(buf))) > 0 || (usleep(20000), n = write(s[0], buf, sizeof(buf))) > 0)
		sent += (size_t)n;
	CHECK_EQ(errno, EAGAIN);
	CHECK_EQ(events_of(s[0], 0) & POLLOUT, 0);
	fcntl(s[1], F_SETFL, O_NONBLOCK);
	while (got < sent) {
		n = read(s[1], buf, sizeof(buf));
		CHECK(n > 0 || errno == EAGAIN);
		got += n > 0 ? (size_t)n : 0;
	}
	CHECK(events_until(s[0], POLLOUT) & POLLOUT);
	close(s[0]);
	return !close(s[1]);
}

static bool timeouts(void)
{
	struct timeval tv = { 0, 40000 };
	struct timeval back;
	socklen_t len = sizeof(back);
	int s[2];
	char buf[4];

	CHECK(connected(s));
	CHECK_EQ(setsockopt(s[0], SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof(tv)), 0);
	CHECK_EQ(getsockopt(s[0], SOL_SOCKET, SO_RCVTIMEO, &back, &len), 0);
	CHECK_EQ(back.tv_usec, 40000);
	CHECK_ERR(read(s[0], buf, sizeof(buf)), EAGAIN);
	close(s[0]);
	return !close(s[1]);
}

static bool options(void)
{
	int s = socket(AF_INET, SOCK_STREAM, 0), value = 1;
	socklen_t len = sizeof(value);

	CHECK_EQ(setsockopt(s, IPPROTO_TCP, TCP_NODELAY, &value, sizeof(value)), 0);
	value = 0;
	CHECK_EQ(getsockopt(s, IPPROTO_TCP, TCP_NODELAY, &value, &len), 0);
	CHECK_EQ(value, 1);
	CHECK_EQ(getsockopt(s, SOL_SOCKET, SO_TYPE, &value, &len), 0);
	CHECK_EQ(value, SOCK_STREAM);
	CHECK_EQ(getsockopt(s, SOL_SOCKET, SO_DOMAIN, &value, &len), 0);
	CHECK_EQ(value, AF_INET);
	CHECK_EQ(getsockopt(s, SOL_SOCKET, SO_PROTOCOL, &value, &len), 0);
	CHECK_EQ(value, IPPROTO_TCP);
	CHECK_EQ(getsockopt(s, SOL_SOCKET, SO_ACCEPTCONN, &value, &len), 0);
	CHECK_EQ(value, 0);
	value = 1;
	CHECK_EQ(setsockopt(s, SOL_SOCKET, SO_REUSEADDR, &value, sizeof(value)), 0);
	CHECK_EQ(setsockopt(s, SOL_SOCKET, SO_KEEPALIVE, &value, sizeof(value)), 0);
	value = 30;
	CHECK_EQ(setsockopt(s, IPPROTO_TCP, TCP_KEEPIDLE, &value, sizeof(value)), 0);
	value = 0;
	CHECK_EQ(getsockopt(s, IPPROTO_TCP, TCP_KEEPIDLE, &value, &len), 0);
	CHECK_EQ(value, 30);
	CHECK_ERR(setsockopt(s, IPPROTO_TCP, 9999, &value, sizeof(value)), ENOPROTOOPT);
	CHECK_ERR(getsockopt(s, IPPROTO_IP, 9999, &value, &len), ENOPROTOOPT);
	CHECK_ERR(setsockopt(s, SOL_SOCKET, SO_KEEPALIVE, &value, 2), EINVAL);
	return !close(s);
}

static bool queued(void)
{
	int s[2], n = -1;

	CHECK(connected(s));
	CHECK_EQ(write(s[0], "12345", 5), 5);
	CHECK(events_until(s[1], POLLIN) & POLLIN);
	CHECK_EQ(ioctl(s[1], FIONREAD, &n), 0);
	CHECK_EQ(n, 5);
	close(s[0]);
	return !close(s[1]);
}

static bool in_use(void)
{
	unsigned port;
	int l = listener(&port), s = socket(AF_INET, SOCK_STREAM, 0);
	struct sockaddr_in a = local(port);

	CHECK_ERR(bind(s, (struct sockaddr *)&a, sizeof(a)), EADDRINUSE);
	CHECK_ERR(bind(l, (struct sockaddr *)&a, sizeof(a)), EINVAL);
	close(s);
	return !close(l);
}

static unsigned long memory(void)
{
	struct sysinfo info;

	return sysinfo(&info) ? 0 : info.freeram * info.mem_unit;
}

static bool one(int l, const struct sockaddr_in *a)
{
	struct linger now = { 1, 0 };
	int s = socket(AF_INET, SOCK_STREAM, 0), c;
	char byte = 'x';

	CHECK_EQ(connect(s, (const struct sockaddr *)a, sizeof(*a)), 0);
	c = accept(l, NULL, NULL);
	CHECK(c >= 0);
	CHECK_EQ(write(s, &byte, 1), 1);
	CHECK_EQ(read(c, &byte, 1), 1);
	CHECK_EQ(setsockopt(s, SOL_SOCKET, SO_LINGER, &now, sizeof(now)), 0);
	close(s);
	return !close(c);
}

/* What connections took comes back: after the first few there is as much memory as at the end. Resets, so that none waits in TIME_WAIT. */
static bool many(void)
{
	unsigned port;
	int l = listener(&port);
	struct sockaddr_in a = local(port);
	unsigned long before = 0, after;

	for (int i = 0; i < MANY; i++) {
		if (i == MANY / 10)
			before = memory();
		CHECK(one(l, &a));
	}
	after = memory();
#ifndef __GLIBC__
	CHECK(after + 65536 > before);
#else
	(void)before, (void)after;
#endif
	return !close(l);
}

const struct test stream_tests[] = {
	{ "stream.names", names },
	{ "stream.refused", refused },
	{ "stream.not_blocking", not_blocking },
	{ "stream.half_closed", half_closed },
	{ "stream.reset", reset },
	{ "stream.pipe_signal", pipe_signal },
	{ "stream.bulk", bulk },
	{ "stream.full", full },
	{ "stream.timeouts", timeouts },
	{ "stream.options", options },
	{ "stream.queued", queued },
	{ "stream.in_use", in_use },
	{ "stream.many", many },
	{ NULL, NULL },
};
