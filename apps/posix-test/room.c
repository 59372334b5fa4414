/* SPDX-License-Identifier: BSD-3-Clause */
/* How much pipes and sockets hold, and what happens at the edge of it. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "test.h"

static char block[1 << 20];
static int p[2];

static int writable(int fd)
{
	struct pollfd f = { fd, POLLOUT, 0 };

	return poll(&f, 1, 0) == 1 && f.revents & POLLOUT;
}

static void pages(void)
{
	CHECK_EQ(pipe2(p, O_NONBLOCK), 0);
	CHECK_EQ(write(p[1], block, 65536 - 100), 65536 - 100);
	CHECK(!writable(p[1])); /* no page is left */
	CHECK_ERR(write(p[1], block, 5000), EAGAIN);
	CHECK_ERR(write(p[1], block, 4096), EAGAIN);
	CHECK_ERR(write(p[1], block, 101), EAGAIN);
	CHECK_EQ(write(p[1], block, 60), 60);
	CHECK_EQ(write(p[1], block, 4096 + 40), 40); /* the end of it, and no page for the rest */
	CHECK_ERR(write(p[1], block, 1), EAGAIN);
	CHECK_EQ(read(p[0], block, 4095), 4095);
	CHECK_ERR(write(p[1], block, 1), EAGAIN);
	CHECK_EQ(read(p[0], block, 1), 1);
	CHECK(writable(p[1]));
	CHECK_EQ(write(p[1], block, 5000), 4096);
	close(p[0]);
	close(p[1]);
}

static void pieces(void)
{
	long total = 0;

	CHECK_EQ(pipe2(p, O_NONBLOCK), 0);
	while (write(p[1], block, 3000) == 3000)
		total++;
	CHECK_EQ(total, 16); /* two do not go into one page */
	CHECK_EQ(write(p[1], block, 1000), 1000);
	CHECK_EQ(read(p[0], block, sizeof(block)), 49000);
	for (total = 0; write(p[1], block, 1) == 1; total++)
		;
	CHECK_EQ(total, 65536);
	close(p[0]);
	close(p[1]);
}

static void sizes(void)
{
	CHECK_EQ(pipe2(p, O_NONBLOCK), 0);
	CHECK_EQ(fcntl(p[0], F_GETPIPE_SZ), 65536);
	CHECK_EQ(fcntl(p[0], F_SETPIPE_SZ, 4096), 4096);
	CHECK_EQ(write(p[1], block, 10000), 4096);
	CHECK_EQ(fcntl(p[1], F_SETPIPE_SZ, 100000), 131072);
	CHECK_EQ(fcntl(p[0], F_GETPIPE_SZ), 131072);
	CHECK_EQ(write(p[1], block, sizeof(block)), 131072 - 4096);
	CHECK_ERR(fcntl(p[1], F_SETPIPE_SZ, 65536), EBUSY);
	CHECK_EQ(fcntl(p[1], F_SETPIPE_SZ, 1 << 20), 1 << 20);
	CHECK_EQ(read(p[0], block, 65536), 65536);
	CHECK_EQ(fcntl(p[1], F_SETPIPE_SZ, 65536), 65536);
	CHECK_EQ(read(p[0], block, sizeof(block)), 65536);
	CHECK_EQ(fcntl(p[1], F_SETPIPE_SZ, 0), 4096);
	close(p[0]);
	close(p[1]);
}

static void contents_survive(void)
{
	char out[12];

	CHECK_EQ(pipe2(p, O_NONBLOCK), 0);
	CHECK_EQ(write(p[1], "hello, ", 7), 7);
	CHECK_EQ(read(p[0], out, 2), 2);
	CHECK_EQ(fcntl(p[1], F_SETPIPE_SZ, 8192), 8192);
	CHECK_EQ(write(p[1], "world", 5), 5);
	CHECK_EQ(read(p[0], out, sizeof(out)), 10);
	CHECK(!memcmp(out, "llo, world", 10));
	close(p[0]);
	close(p[1]);
}

static void packets(void)
{
	char out[5000];

	CHECK_EQ(pipe2(p, O_NONBLOCK | O_DIRECT), 0);
	CHECK_EQ(write(p[1], "one", 3), 3);
	CHECK_EQ(write(p[1], "three", 5), 5);
	CHECK_EQ(write(p[1], block, 5000), 5000);
	CHECK_EQ(read(p[0], out, sizeof(out)), 3);
	CHECK_EQ(read(p[0], out, 2), 2);
	CHECK(!memcmp(out, "th", 2));
	CHECK_EQ(read(p[0], out, sizeof(out)), 4096);
	CHECK_EQ(read(p[0], out, sizeof(out)), 904);
	CHECK_ERR(read(p[0], out, sizeof(out)), EAGAIN);
	close(p[0]);
	close(p[1]);
}

static int receiver_at(struct sockaddr_un *sun)
{
	int fd = socket(AF_UNIX, SOCK_DGRAM, 0);

	memset(sun, 0, sizeof(*sun));
	sun->sun_family = AF_UNIX;
	strcpy(sun->sun_path + 1, "room");
	return bind(fd, (struct sockaddr *)sun, sizeof(*sun)) ? -1 : fd;
}

static void datagrams(void)
{
	struct sockaddr_un sun;
	int to = receiver_at(&sun), from = socket(AF_UNIX, SOCK_DGRAM, 0), other = socket(AF_UNIX, SOCK_DGRAM, 0), n = 0;
	const struct sockaddr *sa = (struct sockaddr *)&sun;
	char c;

	while (n < 1000 && sendto(from, "x", 1, MSG_DONTWAIT, sa, sizeof(sun)) == 1)
		n++;
	CHECK(n > 5 && n < 600 && errno == EAGAIN);
	CHECK_ERR(sendto(other, "x", 1, MSG_DONTWAIT, sa, sizeof(sun)), EAGAIN);
	CHECK_EQ(connect(other, sa, sizeof(sun)), 0);
	CHECK(!writable(other));
	CHECK_EQ(recv(to, &c, 1, 0), 1);
	CHECK(writable(other));
	CHECK_EQ(send(other, "x", 1, MSG_DONTWAIT), 1);
	CHECK_ERR(send(other, "x", 1, MSG_DONTWAIT), EAGAIN);
	CHECK(!writable(other));
	close(to);
	CHECK_ERR(send(other, "x", 1, MSG_DONTWAIT), ECONNREFUSED);
	close(from);
	close(other);
}

/* With both ends connected to each other the sender's buffer is the bound. */
static void datagram_pair(void)
{
	int s[2], n = 0;

	CHECK_EQ(socketpair(AF_UNIX, SOCK_DGRAM, 0, s), 0);
	while (n < 10000 && send(s[0], "x", 1, MSG_DONTWAIT) == 1)
		n++;
	CHECK(n > 100 && n < 1000 && errno == EAGAIN);
	CHECK(!writable(s[0]));
	close(s[0]);
	close(s[1]);
}

static void read_one(void *fd)
{
	char c;

	(void)!recv(*(int *)fd, &c, 1, 0);
}

static void senders_wait(void)
{
	struct sockaddr_un sun;
	int to = receiver_at(&sun), from = socket(AF_UNIX, SOCK_DGRAM, 0), ep = epoll_create1(0), n = 0;
	const struct sockaddr *sa = (struct sockaddr *)&sun;
	struct epoll_event ev = { .events = EPOLLOUT | EPOLLET };

	while (n < 1000 && sendto(from, "x", 1, MSG_DONTWAIT, sa, sizeof(sun)) == 1)
		n++;
	test_later(30, read_one, &to);
	CHECK_EQ(sendto(from, "x", 1, 0, sa, sizeof(sun)), 1);
	test_join();
	CHECK_EQ(connect(from, sa, sizeof(sun)), 0);
	test_later(30, read_one, &to);
	CHECK_EQ(send(from, "x", 1, 0), 1);
	test_join();
	CHECK_EQ(epoll_ctl(ep, EPOLL_CTL_ADD, from, &ev), 0);
	CHECK_EQ(epoll_wait(ep, &ev, 1, 0), 0);
	test_later(30, read_one, &to);
	CHECK_EQ(epoll_wait(ep, &ev, 1, 5000), 1);
	test_join();
	close(ep);
	close(from);
	close(to);
}

const struct test room_tests[] = {
	{ "pages", pages },
	{ "pieces", pieces },
	{ "sizes", sizes },
	{ "contents_survive", contents_survive },
	{ "packets", packets },
	{ "datagrams", datagrams },
	{ "datagram_pair", datagram_pair },
	{ "senders_wait", senders_wait },
	{ NULL, NULL },
};
