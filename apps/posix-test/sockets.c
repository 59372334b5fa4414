/* SPDX-License-Identifier: BSD-3-Clause */
/* Unix-domain sockets. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/sysinfo.h>
#include <sys/un.h>
#include <unistd.h>

#include "test.h"

#define PATH "/tmp/posix-test-socket"

static struct sockaddr_un named(const char *path)
{
	struct sockaddr_un sun = { .sun_family = AF_UNIX };

	strcpy(sun.sun_path, path);
	return sun;
}

static void pair_stream(void)
{
	char buf[32];
	int s[2], n;

	CHECK_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, s), 0);
	CHECK_EQ(write(s[0], "hello", 5), 5);
	CHECK_EQ(send(s[0], "world", 5, 0), 5);
	CHECK_EQ(ioctl(s[1], FIONREAD, &n), 0);
	CHECK_EQ(n, 10);
	CHECK_EQ(recv(s[1], buf, 3, MSG_PEEK), 3);
	CHECK_EQ(recv(s[1], buf, 32, 0), 10);
	CHECK(!memcmp(buf, "helloworld", 10));
	CHECK_ERR(recv(s[1], buf, 32, MSG_DONTWAIT), EAGAIN);
	CHECK_EQ(write(s[1], "back", 4), 4);
	CHECK_EQ(shutdown(s[1], SHUT_WR), 0);
	CHECK_EQ(read(s[0], buf, 32), 4);
	CHECK_EQ(read(s[0], buf, 32), 0);
	CHECK_EQ(write(s[0], "x", 1), 1); /* the other direction is open */
	CHECK_EQ(read(s[1], buf, 32), 1);
	close(s[0]);
	CHECK_EQ(read(s[1], buf, 32), 0);
	close(s[1]);
}

static void broken(void)
{
	char c;
	int s[2];

	CHECK_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, s), 0);
	close(s[1]);
	CHECK_ERR(send(s[0], "x", 1, MSG_NOSIGNAL), EPIPE);
	close(s[0]);
	CHECK_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, s), 0);
	CHECK_EQ(write(s[0], "x", 1), 1);
	close(s[1]); /* with unread data */
	CHECK_ERR(read(s[0], &c, 1), ECONNRESET);
	CHECK_EQ(read(s[0], &c, 1), 0);
	close(s[0]);
}

static void pair_packets(int type)
{
	char buf[32];
	struct iovec v = { buf, 3 };
	struct msghdr m = { .msg_iov = &v, .msg_iovlen = 1 };
	int s[2];

	CHECK_EQ(socketpair(AF_UNIX, type, 0, s), 0);
	CHECK_EQ(send(s[0], "first", 5, 0), 5);
	CHECK_EQ(send(s[0], "second", 6, 0), 6);
	CHECK_EQ(send(s[0], "", 0, 0), 0);
	CHECK_EQ(send(s[0], "third", 5, 0), 5);
	CHECK_EQ(recvmsg(s[1], &m, 0), 3); /* the rest is lost */
	CHECK(m.msg_flags & MSG_TRUNC);
	CHECK_EQ(recv(s[1], buf, 2, MSG_TRUNC), 6);
	CHECK_EQ(recv(s[1], buf, 32, 0), 0);
	CHECK_EQ(recv(s[1], buf, 32, 0), 5);
	CHECK_ERR(recv(s[1], buf, 32, MSG_DONTWAIT), EAGAIN);
	close(s[0]);
	if (type == SOCK_SEQPACKET)
		CHECK_EQ(recv(s[1], buf, 32, 0), 0);
	else
		CHECK_ERR(send(s[1], "x", 1, 0), ECONNREFUSED);
	close(s[1]);
}

static void datagram_pair(void)
{
	pair_packets(SOCK_DGRAM);
}

static void seqpacket_pair(void)
{
	pair_packets(SOCK_SEQPACKET);
}

static void listening(void)
{
	struct sockaddr_un sun = named(PATH), got;
	int l = socket(AF_UNIX, SOCK_STREAM, 0), c = socket(AF_UNIX, SOCK_STREAM, 0), a, val;
	socklen_t len = sizeof(got);
	struct stat st;
	char buf[8];

	unlink(PATH);
	CHECK_ERR(connect(c, (void *)&sun, sizeof(sun)), ENOENT);
	CHECK_EQ(bind(l, (void *)&sun, sizeof(sun)), 0);
	CHECK_EQ(stat(PATH, &st), 0);
	CHECK(S_ISSOCK(st.st_mode));
	CHECK_ERR(connect(c, (void *)&sun, sizeof(sun)), ECONNREFUSED);
	CHECK_ERR(accept(l, NULL, NULL), EINVAL);
	CHECK_EQ(listen(l, 5), 0);
	CHECK_EQ(connect(c, (void *)&sun, sizeof(sun)), 0);
	CHECK_ERR(connect(c, (void *)&sun, sizeof(sun)), EISCONN);
	CHECK_EQ(write(c, "early", 5), 5);
	a = accept4(l, (void *)&got, &len, SOCK_NONBLOCK);
	CHECK(a >= 0);
	CHECK_EQ(len, offsetof(struct sockaddr_un, sun_path)); /* the client has no name */
	CHECK_EQ(fcntl(a, F_GETFL) & O_NONBLOCK, O_NONBLOCK);
	CHECK_EQ(read(a, buf, 8), 5);
	len = sizeof(got);
	CHECK_EQ(getpeername(c, (void *)&got, &len), 0);
	CHECK(!strcmp(got.sun_path, PATH));
	len = sizeof(val);
	CHECK_EQ(getsockopt(l, SOL_SOCKET, SO_ACCEPTCONN, &val, &len), 0);
	CHECK_EQ(val, 1);
	close(a);
	close(c);
	close(l);
	c = socket(AF_UNIX, SOCK_STREAM, 0);
	CHECK_ERR(connect(c, (void *)&sun, sizeof(sun)), ECONNREFUSED);
	CHECK_ERR(bind(c, (void *)&sun, sizeof(sun)), EADDRINUSE);
	close(c);
	unlink(PATH);
}

static void abstract_names(void)
{
	struct sockaddr_un sun = { .sun_family = AF_UNIX, .sun_path = "\0posix-test" };
	socklen_t len = offsetof(struct sockaddr_un, sun_path) + 11, glen = sizeof(sun);
	struct sockaddr_un got;
	int l = socket(AF_UNIX, SOCK_SEQPACKET, 0), c = socket(AF_UNIX, SOCK_SEQPACKET, 0), a;
	int wrong = socket(AF_UNIX, SOCK_STREAM, 0);

	CHECK_ERR(connect(c, (void *)&sun, len), ECONNREFUSED);
	CHECK_EQ(bind(l, (void *)&sun, len), 0);
	CHECK_EQ(listen(l, 1), 0);
	CHECK_EQ(getsockname(l, (void *)&got, &glen), 0);
	CHECK(glen == len && !memcmp(got.sun_path, sun.sun_path, 11));
	CHECK_EQ(connect(c, (void *)&sun, len), 0);
	a = accept(l, NULL, NULL);
	CHECK(a >= 0);
	CHECK_EQ(send(c, "abc", 3, 0), 3);
	close(a);
	close(c);
	close(l);
	close(wrong);
}

static void *accept_one(void *fd)
{
	return (void *)(long)accept(*(int *)fd, NULL, NULL);
}

static void accept_waits(void)
{
	struct sockaddr_un sun = named(PATH);
	int l = socket(AF_UNIX, SOCK_STREAM, 0), c = socket(AF_UNIX, SOCK_STREAM, 0);
	pthread_t t;
	void *a;

	unlink(PATH);
	CHECK_EQ(bind(l, (void *)&sun, sizeof(sun)), 0);
	CHECK_EQ(listen(l, 5), 0);
	CHECK_EQ(pthread_create(&t, NULL, accept_one, &l), 0);
	usleep(20000);
	CHECK_EQ(connect(c, (void *)&sun, sizeof(sun)), 0);
	pthread_join(t, &a);
	CHECK((long)a >= 0);
	close((int)(long)a);
	close(c);
	CHECK_EQ(fcntl(l, F_SETFL, O_NONBLOCK), 0);
	CHECK_ERR(accept(l, NULL, NULL), EAGAIN);
	close(l);
	unlink(PATH);
}

static void datagrams(void)
{
	struct sockaddr_un to = named(PATH), from = named(PATH "2"), got;
	int r = socket(AF_UNIX, SOCK_DGRAM, 0), s = socket(AF_UNIX, SOCK_DGRAM, 0);
	socklen_t len = sizeof(got);
	char buf[16];

	unlink(PATH);
	unlink(PATH "2");
	CHECK_EQ(bind(r, (void *)&to, sizeof(to)), 0);
	CHECK_EQ(bind(s, (void *)&from, sizeof(from)), 0);
	CHECK_EQ(sendto(s, "hi", 2, 0, (void *)&to, sizeof(to)), 2);
	CHECK_EQ(recvfrom(r, buf, 16, 0, (void *)&got, &len), 2);
	CHECK(!strcmp(got.sun_path, PATH "2"));
	CHECK_ERR(send(s, "x", 1, 0), ENOTCONN);
	CHECK_EQ(connect(s, (void *)&to, sizeof(to)), 0);
	CHECK_EQ(send(s, "x", 1, 0), 1);
	CHECK_EQ(recv(r, buf, 16, 0), 1);
	CHECK_ERR(listen(r, 1), EOPNOTSUPP);
	close(r);
	CHECK_ERR(send(s, "x", 1, 0), ECONNREFUSED);
	close(s);
	unlink(PATH);
	unlink(PATH "2");
}

static int send_fds(int s, const int *fds, int n, const char *data)
{
	char control[CMSG_SPACE(sizeof(int) * 8)] = { 0 };
	struct iovec v = { (void *)data, strlen(data) };
	struct msghdr m = {
		.msg_iov = &v, .msg_iovlen = 1, .msg_control = control, .msg_controllen = CMSG_SPACE(sizeof(int) * n)
	};
	struct cmsghdr *c = CMSG_FIRSTHDR(&m);

	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	c->cmsg_len = CMSG_LEN(sizeof(int) * n);
	memcpy(CMSG_DATA(c), fds, sizeof(int) * n);
	return sendmsg(s, &m, 0);
}

/* Returns the number of descriptors received. */
static int recv_fds(int s, int *fds, int max, char *data, size_t size, int *flags)
{
	char control[CMSG_SPACE(sizeof(int) * 8)];
	struct iovec v = { data, size };
	struct msghdr m = { .msg_iov = &v,
		            .msg_iovlen = 1,
		            .msg_control = control,
		            .msg_controllen = max ? CMSG_SPACE(sizeof(int) * max) : 0 };
	ssize_t n = recvmsg(s, &m, MSG_CMSG_CLOEXEC);
	struct cmsghdr *c = n < 0 ? NULL : CMSG_FIRSTHDR(&m);

	*flags = m.msg_flags;
	if (n >= 0)
		data[n] = 0;
	if (!c)
		return n < 0 ? -1 : 0;
	memcpy(fds, CMSG_DATA(c), c->cmsg_len - CMSG_LEN(0));
	return (c->cmsg_len - CMSG_LEN(0)) / sizeof(int);
}

static void passing_files(void)
{
	int s[2], p[2], got[8], flags, bad = 999;
	char data[16], c;

	CHECK_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, s), 0);
	CHECK_EQ(pipe(p), 0);
	CHECK_ERR(send_fds(s[0], &bad, 1, "x"), EBADF);
	CHECK_EQ(send_fds(s[0], p, 2, "two"), 3);
	CHECK_EQ(write(s[0], "more", 4), 4);
	close(p[0]);
	close(p[1]);
	CHECK_EQ(recv_fds(s[1], got, 8, data, 15, &flags), 2);
	CHECK(!strcmp(data, "two")); /* data behind the descriptors comes with the next read */
	CHECK_EQ(fcntl(got[0], F_GETFD), FD_CLOEXEC);
	CHECK_EQ(write(got[1], "y", 1), 1);
	CHECK_EQ(read(got[0], &c, 1), 1);
	CHECK_EQ(read(s[1], data, 16), 4);
	/* Descriptors without room for them are closed: the pipe then ends. */
	CHECK_EQ(send_fds(s[0], &got[1], 1, "z"), 1);
	close(got[1]);
	CHECK_EQ(recv_fds(s[1], got + 2, 0, data, 15, &flags), 0);
	CHECK(flags & MSG_CTRUNC);
	CHECK_EQ(read(got[0], &c, 1), 0);
	close(got[0]);
	/* So are those nobody received. */
	CHECK_EQ(pipe(p), 0);
	CHECK_EQ(send_fds(s[0], &p[1], 1, "w"), 1);
	close(p[1]);
	close(s[0]);
	close(s[1]);
	CHECK_EQ(read(p[0], &c, 1), 0);
	close(p[0]);
}

static void flow_control(void)
{
	static char block[4096];
	struct pollfd f;
	long sent = 0, got = 0;
	int s[2];

	CHECK_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, s), 0);
	for (ssize_t n; (n = write(s[0], block, sizeof(block))) > 0;)
		sent += n;
	CHECK_EQ(errno, EAGAIN);
	CHECK(sent >= 65536 && sent < 4 << 20);
	f = (struct pollfd){ s[0], POLLOUT, 0 };
	CHECK_EQ(poll(&f, 1, 0), 0);
	for (ssize_t n; (n = read(s[1], block, sizeof(block))) > 0;)
		got += n;
	CHECK_EQ(got, sent);
	CHECK_EQ(poll(&f, 1, 0), 1);
	close(s[0]);
	close(s[1]);
}

static void *send_much(void *fd)
{
	static char block[100000];
	long done = 0;

	while (done < 10 << 20) {
		ssize_t n = write(*(int *)fd, block, sizeof(block));

		if (n <= 0)
			break;
		done += n;
	}
	return (void *)done;
}

static void throughput(void)
{
	static char buf[65536];
	pthread_t t;
	long got = 0;
	void *sent;
	int s[2];

	CHECK_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, s), 0);
	CHECK_EQ(pthread_create(&t, NULL, send_much, &s[0]), 0);
	while (got < 10 << 20) {
		ssize_t n = recv(s[1], buf, sizeof(buf), MSG_WAITALL);

		CHECK(n > 0);
		got += n;
		if (n < (ssize_t)sizeof(buf))
			break;
	}
	close(s[1]);
	signal(SIGPIPE, SIG_IGN);
	pthread_join(t, &sent);
	CHECK((long)sent >= 10 << 20);
	close(s[0]);
}

static void readiness(void)
{
	struct pollfd f;
	int s[2];

	CHECK_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, s), 0);
	f = (struct pollfd){ s[0], POLLIN | POLLOUT | POLLRDHUP, 0 };
	CHECK_EQ(poll(&f, 1, 0), 1);
	CHECK_EQ(f.revents, POLLOUT);
	CHECK_EQ(write(s[1], "x", 1), 1);
	CHECK_EQ(poll(&f, 1, 0), 1);
	CHECK_EQ(f.revents, POLLIN | POLLOUT);
	CHECK_EQ(shutdown(s[1], SHUT_WR), 0);
	CHECK_EQ(poll(&f, 1, 0), 1);
	CHECK_EQ(f.revents, POLLIN | POLLOUT | POLLRDHUP);
	close(s[1]);
	CHECK_EQ(poll(&f, 1, 0), 1);
	CHECK_EQ(f.revents, POLLIN | POLLOUT | POLLRDHUP | POLLHUP);
	close(s[0]);
}

static void options(void)
{
	struct timeval tv = { 0, 30000 };
	struct ucred cred;
	socklen_t len = sizeof(int);
	int s[2], v = 1;
	long start = test_now();
	char c;

	CHECK_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, s), 0);
	CHECK_EQ(getsockopt(s[0], SOL_SOCKET, SO_TYPE, &v, &len), 0);
	CHECK_EQ(v, SOCK_STREAM);
	CHECK_EQ(getsockopt(s[0], SOL_SOCKET, SO_ERROR, &v, &len), 0);
	CHECK_EQ(v, 0);
	len = sizeof(cred);
	CHECK_EQ(getsockopt(s[0], SOL_SOCKET, SO_PEERCRED, &cred, &len), 0);
	CHECK_EQ(cred.pid, getpid());
	CHECK_EQ(setsockopt(s[0], SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof(tv)), 0);
	CHECK_ERR(read(s[0], &c, 1), EAGAIN);
	CHECK(test_now() - start >= 29);
	CHECK_ERR(getsockopt(1000, SOL_SOCKET, SO_TYPE, &v, &len), EBADF);
	CHECK_ERR(getsockopt(0, SOL_SOCKET, SO_TYPE, &v, &len), ENOTSOCK);
	CHECK_ERR(socket(AF_UNIX, 77, 0), EINVAL);
	CHECK_ERR(socket(12345, SOCK_STREAM, 0), EAFNOSUPPORT);
	close(s[0]);
	close(s[1]);
}

/* What waits in a socket takes about its size of memory; and what a kernel adds that checks its heap (apps/checked-test). */
#ifndef KEPT_BY_CHECKS
#define KEPT_BY_CHECKS 0
#endif

static void memory(void)
{
	static char data[32768];
	struct sysinfo before, after;
	int s[32][2];

	for (int i = 0; i < 32; i++)
		CHECK_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, s[i]), 0);
	sysinfo(&before);
	for (int i = 0; i < 32; i++)
		CHECK_EQ(write(s[i][0], data, sizeof(data)), sizeof(data));
	sysinfo(&after);
	for (int i = 0; i < 32; i++) {
		close(s[i][0]);
		close(s[i][1]);
	}
	CHECK(before.freeram - after.freeram < 32 * (40960 + KEPT_BY_CHECKS));
}

const struct test sockets_tests[] = {
	{ "memory", memory },
	{ "pair_stream", pair_stream },
	{ "broken", broken },
	{ "datagram_pair", datagram_pair },
	{ "seqpacket_pair", seqpacket_pair },
	{ "listening", listening },
	{ "abstract_names", abstract_names },
	{ "accept_waits", accept_waits },
	{ "datagrams", datagrams },
	{ "passing_files", passing_files },
	{ "flow_control", flow_control },
	{ "throughput", throughput },
	{ "readiness", readiness },
	{ "options", options },
	{ 0 },
};
