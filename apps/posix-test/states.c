/* SPDX-License-Identifier: BSD-3-Clause */
/* What a Unix socket and its kin report after each change: readiness, results, order of errors. What is expected is what Linux does. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <unistd.h>

#include "test.h"

#define READABLE (POLLIN | POLLRDNORM)
#define WRITABLE (POLLOUT | POLLWRNORM | POLLWRBAND)
#define NO_DATA (READABLE | POLLRDHUP) /* nothing more will come */

static volatile sig_atomic_t signals;

static void count_signal(int number)
{
	(void)number;
	signals++;
}

static short look(int fd)
{
	struct pollfd p = { fd, READABLE | WRITABLE | POLLPRI | POLLRDBAND | POLLRDHUP, 0 };

	return poll(&p, 1, 0) < 0 ? -1 : p.revents;
}

static void close_both(const int s[2])
{
	close(s[0]);
	close(s[1]);
}

/* What shutdown(s[0], how) makes of both ends. */
static void after_shutdown(int type, int how, short mine, short others)
{
	int s[2];

	CHECK_EQ(socketpair(AF_UNIX, type, 0, s), 0);
	CHECK_EQ(shutdown(s[0], how), 0);
	CHECK_EQ(look(s[0]), mine);
	CHECK_EQ(look(s[1]), others);
	close_both(s);
}

static void shut_connections(void)
{
	const int types[] = { SOCK_STREAM, SOCK_SEQPACKET };

	for (int i = 0; i < 2; i++) {
		after_shutdown(types[i], SHUT_RD, WRITABLE | NO_DATA, WRITABLE);
		after_shutdown(types[i], SHUT_WR, WRITABLE, WRITABLE | NO_DATA);
		after_shutdown(types[i], SHUT_RDWR, WRITABLE | NO_DATA | POLLHUP, WRITABLE | NO_DATA | POLLHUP);
	}
}

static void shut_datagrams(void)
{
	after_shutdown(SOCK_DGRAM, SHUT_RD, WRITABLE | NO_DATA, WRITABLE);
	after_shutdown(SOCK_DGRAM, SHUT_WR, WRITABLE, WRITABLE);
	after_shutdown(SOCK_DGRAM, SHUT_RDWR, WRITABLE | NO_DATA | POLLHUP, WRITABLE);
}

/* The two halves may be shut by either end. */
static void shut_in_halves(void)
{
	int s[2];

	CHECK_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, s), 0);
	CHECK_EQ(shutdown(s[0], SHUT_WR), 0);
	CHECK_EQ(shutdown(s[1], SHUT_WR), 0);
	CHECK_EQ(look(s[0]), WRITABLE | NO_DATA | POLLHUP);
	CHECK_EQ(look(s[1]), WRITABLE | NO_DATA | POLLHUP);
	CHECK_ERR(send(s[0], "a", 1, MSG_NOSIGNAL), EPIPE);
	close_both(s);
}

static void shut_before_connected(void)
{
	int s = socket(AF_UNIX, SOCK_STREAM, 0);

	CHECK_EQ(look(s), WRITABLE | POLLHUP);
	CHECK_EQ(shutdown(s, SHUT_RD), 0);
	CHECK_EQ(look(s), WRITABLE | POLLHUP | NO_DATA);
	CHECK_EQ(shutdown(s, SHUT_WR), 0);
	CHECK_ERR(send(s, "a", 1, 0), ENOTCONN);
	close(s);
	s = socket(AF_UNIX, SOCK_DGRAM, 0);
	CHECK_EQ(shutdown(s, SHUT_WR), 0);
	CHECK_EQ(send(s, "a", 1, 0), -1);
	CHECK(errno == EPIPE || errno == ENOTCONN); /* by the kernel's age */
	close(s);
}

/* SIGPIPE is for streams; a send of nothing fails like any other. */
static void sends_after_the_end(void)
{
	int s[2];

	signal(SIGPIPE, count_signal);
	signals = 0;
	CHECK_EQ(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, s), 0);
	close(s[1]);
	CHECK_ERR(send(s[0], "a", 1, 0), EPIPE);
	CHECK_EQ(signals, 0);
	close(s[0]);
	CHECK_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, s), 0);
	close(s[1]);
	CHECK_ERR(send(s[0], "a", 1, 0), EPIPE);
	CHECK_ERR(send(s[0], "", 0, 0), EPIPE);
	CHECK_EQ(signals, 2);
	close(s[0]);
	signal(SIGPIPE, SIG_DFL);
}

/* A connection is reset when data was left unread: a stream's reader gets its data, then the error, and its writer never does. */
static void reset_stream(void)
{
	char c;
	int s[2];

	CHECK_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, s), 0);
	CHECK(write(s[0], "x", 1) == 1 && write(s[1], "y", 1) == 1);
	close(s[1]);
	CHECK_EQ(look(s[0]), WRITABLE | NO_DATA | POLLHUP | POLLERR);
	CHECK_ERR(send(s[0], "a", 1, MSG_NOSIGNAL), EPIPE);
	CHECK_EQ(recv(s[0], &c, 1, 0), 1);
	CHECK_ERR(recv(s[0], &c, 1, 0), ECONNRESET);
	CHECK_EQ(recv(s[0], &c, 1, 0), 0);
	close(s[0]);
}

static void close_it(void *fd)
{
	close(*(int *)fd);
}

/* A writer that waits for room when the connection is reset is who learns of it. */
static void reset_while_sending(void)
{
	static char data[1 << 20];
	int s[2];

	for (int much = 0; much < 2; much++) {
		CHECK_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, s), 0);
		while (!much && send(s[0], data, 1000, MSG_DONTWAIT) > 0)
			;
		test_later(20, close_it, &s[1]);
		if (much) {
			long n = send(s[0], data, sizeof(data), 0);

			CHECK(n > 0 && n < (long)sizeof(data));
		} else {
			CHECK_ERR(send(s[0], data, 1000, 0), ECONNRESET); /* and no SIGPIPE */
		}
		test_join();
		CHECK_EQ(recv(s[0], data, 1, 0), 0);
		CHECK_ERR(send(s[0], "a", 1, MSG_NOSIGNAL), EPIPE);
		close(s[0]);
	}
}

/* Vectors of nothing do not get as far as the file. */
static void vectors_of_nothing(void)
{
	struct iovec none = { "", 0 };
	int s[2], fd = open("/tmp", O_RDONLY);

	CHECK_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, s), 0);
	close(s[1]);
	CHECK_EQ(writev(s[0], &none, 1), 0); /* and no SIGPIPE */
	CHECK_EQ(writev(s[0], NULL, 0), 0);
	CHECK_ERR(pwritev(s[0], &none, 1, 0), ESPIPE);
	close(s[0]);
	CHECK_EQ(readv(fd, &none, 1), 0);
	CHECK_ERR(writev(fd, &none, 1), EBADF);
	CHECK_ERR(preadv(fd, &none, 1, -1), EINVAL);
	close(fd);
	CHECK_EQ(socketpair(AF_UNIX, SOCK_DGRAM, 0, s), 0);
	CHECK_EQ(writev(s[0], &none, 1), 0);
	CHECK_EQ(look(s[1]), WRITABLE);
	close_both(s);
}

/* Of packets the error comes first, for whoever comes first. */
static void reset_packets(void)
{
	char c;
	int s[2];

	CHECK_EQ(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, s), 0);
	CHECK(write(s[0], "x", 1) == 1 && write(s[1], "y", 1) == 1);
	close(s[1]);
	CHECK_ERR(recv(s[0], &c, 1, 0), ECONNRESET);
	CHECK_EQ(recv(s[0], &c, 1, 0), 1);
	CHECK_EQ(recv(s[0], &c, 1, 0), 0);
	CHECK_ERR(send(s[0], "a", 1, 0), EPIPE);
	close(s[0]);
}

static void datagrams_end(void)
{
	char c;
	int s[2];

	CHECK_EQ(socketpair(AF_UNIX, SOCK_DGRAM, 0, s), 0);
	CHECK_EQ(shutdown(s[0], SHUT_RD), 0);
	CHECK_EQ(recv(s[0], &c, 1, 0), 0);
	CHECK_ERR(recv(s[0], &c, 1, MSG_DONTWAIT), EAGAIN);
	close(s[1]);
	CHECK_ERR(send(s[0], "a", 1, 0), ECONNREFUSED);
	CHECK_ERR(send(s[0], "a", 1, 0), ENOTCONN);
	close(s[0]);
}

static int bound(struct sockaddr_un *name)
{
	int s = socket(AF_UNIX, SOCK_STREAM, 0);

	*name = (struct sockaddr_un){ .sun_family = AF_UNIX, .sun_path = "/tmp/states" };
	unlink(name->sun_path);
	return bind(s, (struct sockaddr *)name, sizeof(*name)) || listen(s, 4) ? -1 : s;
}

/* Those that wait already are served, others are refused. */
static void listener_is_shut(void)
{
	struct sockaddr_un name;
	int s = bound(&name), client = socket(AF_UNIX, SOCK_STREAM, 0), other = socket(AF_UNIX, SOCK_STREAM, 0);

	CHECK(s >= 0);
	CHECK_EQ(look(s), 0);
	CHECK_EQ(connect(client, (struct sockaddr *)&name, sizeof(name)), 0);
	CHECK_EQ(look(s), READABLE);
	CHECK_EQ(shutdown(s, SHUT_RD), 0);
	CHECK_EQ(look(s), NO_DATA);
	CHECK_ERR(connect(other, (struct sockaddr *)&name, sizeof(name)), ECONNREFUSED);
	int got = accept(s, NULL, NULL);

	CHECK(got >= 0);
	CHECK_ERR(accept(s, NULL, NULL), EINVAL);
	fcntl(s, F_SETFL, O_NONBLOCK);
	CHECK_ERR(accept(s, NULL, NULL), EAGAIN);
	CHECK_EQ(shutdown(s, SHUT_WR), 0);
	CHECK_EQ(look(s), NO_DATA | POLLHUP);
	close(got);
	close(client);
	close(other);
	close(s);
	unlink(name.sun_path);
}

/* Who connects with its reading half shut is not written to, and the other end does not look any different for it. */
static void shut_then_connected(void)
{
	struct sockaddr_un name;
	int s = bound(&name), client = socket(AF_UNIX, SOCK_STREAM, 0), got;

	signal(SIGPIPE, count_signal);
	signals = 0;
	CHECK_EQ(shutdown(client, SHUT_RD), 0);
	CHECK_EQ(connect(client, (struct sockaddr *)&name, sizeof(name)), 0);
	got = accept(s, NULL, NULL);
	CHECK_EQ(look(got), WRITABLE);
	CHECK_ERR(send(got, "a", 1, 0), EPIPE);
	CHECK_EQ(signals, 1);
	CHECK_EQ(send(got, "", 0, 0), 0);
	CHECK_EQ(look(got), WRITABLE);
	close(got);
	close(client);
	close(s);
	unlink(name.sun_path);
	signal(SIGPIPE, SIG_DFL);
}

static void shut(void *fd)
{
	shutdown(*(int *)fd, SHUT_RD);
}

static void shut_while_waiting(void)
{
	struct sockaddr_un name;
	int s = bound(&name);

	test_later(20, shut, &s);
	CHECK_ERR(accept(s, NULL, NULL), EINVAL);
	test_join();
	close(s);
	unlink(name.sun_path);
}

/* A time before the beginning is not for ever. */
static void negative_timeout(void)
{
	struct timeval tv = { -1, 0 };
	socklen_t size = sizeof(tv);
	char c;
	int s[2];

	CHECK_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, s), 0);
	CHECK_EQ(setsockopt(s[0], SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof(tv)), 0);
	CHECK_ERR(read(s[0], &c, 1), EAGAIN);
	CHECK_EQ(getsockopt(s[0], SOL_SOCKET, SO_RCVTIMEO, &tv, &size), 0);
	CHECK(!tv.tv_sec && !tv.tv_usec);
	close_both(s);
	tv.tv_sec = -1;
	CHECK_EQ(socketpair(AF_UNIX, SOCK_DGRAM, 0, s), 0);
	CHECK_EQ(setsockopt(s[0], SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof(tv)), 0);
	CHECK_EQ(shutdown(s[0], SHUT_RD), 0);
	CHECK_ERR(recv(s[0], &c, 1, 0), EAGAIN); /* as who does not want to wait */
	close_both(s);

	struct sockaddr_un name;
	int listener = bound(&name);

	CHECK_EQ(setsockopt(listener, SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof(tv)), 0);
	CHECK_EQ(shutdown(listener, SHUT_RD), 0);
	CHECK_ERR(accept(listener, NULL, NULL), EAGAIN);
	close(listener);
	unlink(name.sun_path);
}

static void counters(void)
{
	int fd = eventfd(0, 0);

	CHECK_EQ(look(fd), POLLOUT);
	CHECK_EQ(eventfd_write(fd, 1), 0);
	CHECK_EQ(look(fd), POLLIN | POLLOUT);
	CHECK_EQ(eventfd_write(fd, UINT64_MAX - 2), 0);
	CHECK_EQ(look(fd), POLLIN);
	close(fd);
}

static void named_only(void)
{
	struct epoll_event ev = { .events = EPOLLIN };
	int fd = open("/tmp", O_PATH), ep = epoll_create1(0);
	fd_set in = { 0 }, out = { 0 }, odd = { 0 };
	struct timeval none = { 0 };

	CHECK_EQ(look(fd), POLLNVAL);
	FD_SET(fd, &in);
	FD_SET(fd, &out);
	FD_SET(fd, &odd);
	CHECK_EQ(select(fd + 1, &in, &out, &odd, &none), 3);
	CHECK_ERR(epoll_ctl(ep, EPOLL_CTL_ADD, fd, &ev), EBADF);
	close(ep);
	close(fd);
}

const struct test states_tests[] = { { "shut_connections", shut_connections },
	                             { "shut_datagrams", shut_datagrams },
	                             { "shut_in_halves", shut_in_halves },
	                             { "shut_before_connected", shut_before_connected },
	                             { "sends_after_the_end", sends_after_the_end },
	                             { "reset_stream", reset_stream },
	                             { "reset_while_sending", reset_while_sending },
	                             { "vectors_of_nothing", vectors_of_nothing },
	                             { "reset_packets", reset_packets },
	                             { "datagrams_end", datagrams_end },
	                             { "listener_is_shut", listener_is_shut },
	                             { "shut_then_connected", shut_then_connected },
	                             { "shut_while_waiting", shut_while_waiting },
	                             { "negative_timeout", negative_timeout },
	                             { "counters", counters },
	                             { "named_only", named_only },
	                             { NULL, NULL } };
