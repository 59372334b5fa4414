/* SPDX-License-Identifier: BSD-3-Clause */
/* Data between descriptors: sendfile, copy_file_range, splice, tee, vmsplice. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <sys/uio.h>
#include <unistd.h>

#include "test.h"

#define SIZE 200000

static int make_file(const char *path, size_t size)
{
	int fd = open(path, O_CREAT | O_TRUNC | O_RDWR, 0600);

	for (size_t i = 0; i < size; i++) {
		static unsigned char block[4096];

		block[i % 4096] = (unsigned char)(i * 7 + i / 4096);
		if (i % 4096 == 4095 || i == size - 1)
			if (write(fd, block, i % 4096 + 1) < 0)
				return -1;
	}
	lseek(fd, 0, SEEK_SET);
	return fd;
}

static bool is_right(const unsigned char *p, size_t at, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (p[i] != (unsigned char)((at + i) * 7 + (at + i) / 4096))
			return false;
	return true;
}

static void sending(void)
{
	static unsigned char buf[SIZE];
	int in = make_file("/tmp/in", SIZE), out = open("/tmp/out", O_CREAT | O_TRUNC | O_RDWR, 0600), s[2], p[2];
	off_t at = 1000;

	CHECK(in >= 0 && out >= 0);
	CHECK_EQ(sendfile(out, in, &at, 5000), 5000);
	CHECK_EQ(at, 6000);
	CHECK_EQ(lseek(in, 0, SEEK_CUR), 0);
	CHECK_EQ(lseek(out, 0, SEEK_CUR), 5000);
	CHECK_EQ(pread(out, buf, SIZE, 0), 5000);
	CHECK(is_right(buf, 1000, 5000));
	CHECK_EQ(sendfile(out, in, NULL, SIZE * 2), SIZE);
	CHECK_EQ(lseek(in, 0, SEEK_CUR), SIZE);
	CHECK_EQ(pread(out, buf, SIZE, 5000), SIZE);
	CHECK(is_right(buf, 0, SIZE));
	CHECK_EQ(sendfile(out, in, NULL, 10), 0);
	at = 0;
	CHECK_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, s), 0);
	CHECK_EQ(sendfile(s[0], in, &at, 3000), 3000);
	CHECK_EQ(read(s[1], buf, SIZE), 3000);
	CHECK(is_right(buf, 0, 3000));
	CHECK_EQ(pipe(p), 0);
	CHECK_ERR(sendfile(out, 1000, NULL, 1), EBADF);
	CHECK_ERR(sendfile(p[0], in, NULL, 1), EBADF);
	CHECK_ERR(sendfile(out, p[0], &at, 1), ESPIPE);
	at = -1;
	CHECK_ERR(sendfile(out, in, &at, 1), EINVAL);
	close(in);
	close(out);
	close(s[0]);
	close(s[1]);
	close(p[0]);
	close(p[1]);
}

static void ranges(void)
{
	static unsigned char buf[SIZE];
	int in = make_file("/tmp/in", SIZE), out = open("/tmp/out", O_CREAT | O_TRUNC | O_RDWR, 0600), p[2];
	off_t from = 4000, to = 10;

	CHECK_EQ(copy_file_range(in, &from, out, &to, 100000, 0), 100000);
	CHECK(from == 104000 && to == 100010);
	CHECK_EQ(lseek(in, 0, SEEK_CUR), 0);
	CHECK_EQ(lseek(out, 0, SEEK_CUR), 0);
	CHECK_EQ(pread(out, buf, SIZE, 10), 100000);
	CHECK(is_right(buf, 4000, 100000));
	from = SIZE - 5;
	CHECK_EQ(copy_file_range(in, &from, out, NULL, 100, 0), 5);
	CHECK_EQ(lseek(out, 0, SEEK_CUR), 5);
	CHECK_EQ(copy_file_range(in, &from, out, NULL, 100, 0), 0);
	CHECK_ERR(copy_file_range(in, &from, out, NULL, 100, 1), EINVAL);
	from = 0;
	to = 50;
	CHECK_ERR(copy_file_range(in, &from, in, &to, 100, 0), EINVAL); /* they overlap */
	CHECK_EQ(pipe(p), 0);
	CHECK_ERR(copy_file_range(in, &from, p[1], NULL, 100, 0), EINVAL);
	CHECK_ERR(copy_file_range(in, &from, 1000, NULL, 100, 0), EBADF);
	close(p[0]);
	close(p[1]);
	close(in);
	close(out);
	unlink("/tmp/in");
	unlink("/tmp/out");
}

static void splicing(void)
{
	static unsigned char buf[SIZE];
	int in = make_file("/tmp/in", SIZE), out = open("/tmp/out", O_CREAT | O_TRUNC | O_RDWR, 0600), p[2], q[2];
	off_t at = 100;
	long n;

	CHECK_EQ(pipe(p), 0);
	CHECK_EQ(pipe(q), 0);
	n = splice(in, &at, p[1], NULL, SIZE, 0); /* no more than there is room for */
	CHECK(n > 0 && n <= 65536);
	CHECK_EQ(at, 100 + n);
	CHECK_EQ(splice(p[0], NULL, out, NULL, SIZE, 0), n);
	CHECK_EQ(pread(out, buf, SIZE, 0), n);
	CHECK(is_right(buf, 100, n));
	CHECK_ERR(splice(p[0], NULL, out, NULL, 1, SPLICE_F_NONBLOCK), EAGAIN);
	CHECK_ERR(splice(in, NULL, out, NULL, 1, 0), EINVAL);
	CHECK_ERR(splice(p[0], &at, out, NULL, 1, 0), ESPIPE);
	CHECK_ERR(splice(p[0], NULL, p[1], NULL, 1, 0), EINVAL);
	CHECK_ERR(splice(p[1], NULL, out, NULL, 1, 0), EBADF);
	CHECK_EQ(splice(p[0], NULL, out, NULL, 0, 0), 0);
	CHECK_EQ(write(p[1], "hello", 5), 5);
	CHECK_EQ(tee(p[0], q[1], 3, 0), 3);
	CHECK_EQ(read(q[0], buf, 100), 3);
	CHECK(!memcmp(buf, "hel", 3));
	CHECK_EQ(splice(p[0], NULL, q[1], NULL, 100, 0), 5);
	CHECK_EQ(read(q[0], buf, 100), 5);
	CHECK(!memcmp(buf, "hello", 5));
	CHECK_ERR(tee(p[0], q[1], 3, SPLICE_F_NONBLOCK), EAGAIN);
	CHECK_ERR(tee(p[0], out, 3, 0), EINVAL);
	CHECK_ERR(tee(p[0], p[1], 3, 0), EINVAL);
	close(p[1]);
	CHECK_EQ(tee(p[0], q[1], 3, 0), 0);
	CHECK_EQ(splice(p[0], NULL, q[1], NULL, 3, 0), 0);
	close(p[0]);
	close(q[0]);
	close(q[1]);
	close(in);
	close(out);
	unlink("/tmp/in");
	unlink("/tmp/out");
}

static int left_in(int fd)
{
	int n = -1;

	return ioctl(fd, FIONREAD, &n) ? -1 : n;
}

/* A pipe with 5000 bytes, whose pages are not full. */
static bool fill_pipe(int *p)
{
	unsigned char block[2500];
	bool ok = !pipe(p);

	for (int i = 0; ok && i < 2; i++) {
		for (size_t j = 0; j < sizeof(block); j++)
			block[j] = (unsigned char)((i * sizeof(block) + j) * 7 + (i * sizeof(block) + j) / 4096);
		ok = write(p[1], block, sizeof(block)) == sizeof(block);
	}
	return ok;
}

static void fill_socket(int s)
{
	static char block[1000];

	fcntl(s, F_SETFL, O_NONBLOCK);
	while (write(s, block, sizeof(block)) > 0)
		;
}

static bool drain_socket(int s)
{
	static char block[SIZE];

	fcntl(s, F_SETFL, O_NONBLOCK);
	while (read(s, block, sizeof(block)) > 0)
		;
	return errno == EAGAIN;
}

/* What the output does not take is in the pipe yet. */
static void splice_refused(void)
{
	static unsigned char buf[SIZE];
	int p[2], q[2], s[2], timer = timerfd_create(CLOCK_MONOTONIC, 0), epoll = epoll_create1(0);

	signal(SIGPIPE, SIG_IGN);
	CHECK_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, s), 0);
	CHECK_EQ(pipe(p), 0);
	CHECK_ERR(splice(p[0], NULL, timer, NULL, 100, 0), EINVAL); /* it does not wait for anything */
	CHECK_ERR(splice(epoll, NULL, p[1], NULL, 100, 0), EINVAL);
	close(p[0]);
	close(p[1]);
	CHECK(fill_pipe(p));
	CHECK_ERR(splice(p[0], NULL, timer, NULL, 100, 0), EINVAL);
	CHECK_EQ(left_in(p[0]), 5000);
	fill_socket(s[0]);
	CHECK_ERR(splice(p[0], NULL, s[0], NULL, 5000, 0), EAGAIN);
	CHECK_EQ(left_in(p[0]), 5000);
	CHECK(drain_socket(s[1]));
	CHECK_EQ(splice(p[0], NULL, s[0], NULL, 10, 0), 10);
	CHECK_EQ(left_in(p[0]), 4990);
	CHECK_EQ(splice(p[0], NULL, s[0], NULL, 4000, 0), 4000);
	CHECK_EQ(read(s[1], buf, SIZE), 4010);
	CHECK(is_right(buf, 0, 4010));
	close(s[1]);
	CHECK_ERR(splice(p[0], NULL, s[0], NULL, 4000, 0), EPIPE);
	CHECK_EQ(left_in(p[0]), 990);
	CHECK_EQ(pipe(q), 0);
	fill_socket(q[1]);
	CHECK_ERR(splice(p[0], NULL, q[1], NULL, 990, SPLICE_F_NONBLOCK), EAGAIN);
	CHECK_EQ(read(p[0], buf, SIZE), 990);
	CHECK(is_right(buf, 4010, 990));
	signal(SIGPIPE, SIG_DFL);
	for (int i = 0; i < 2; i++) {
		close(p[i]);
		close(q[i]);
	}
	close(s[0]);
	close(timer);
	close(epoll);
}

/* A pipe with room for less than there is: the rest stays where it was. */
static void splice_little_room(void)
{
	static unsigned char buf[SIZE];
	int p[2], q[2], s[2];
	long n;

	CHECK(fill_pipe(p));
	CHECK_EQ(pipe(q), 0);
	CHECK_EQ(fcntl(q[1], F_SETPIPE_SZ, 4096), 4096);
	CHECK_EQ(splice(p[0], NULL, q[1], NULL, 1000, 0), 1000);
	CHECK_ERR(splice(p[0], NULL, q[1], NULL, 1000, SPLICE_F_NONBLOCK), EAGAIN);
	CHECK_EQ(left_in(p[0]), 4000);
	CHECK_EQ(read(q[0], buf, SIZE), 1000);
	CHECK_EQ(read(p[0], buf + 1000, SIZE), 4000);
	CHECK(is_right(buf, 0, 5000));
	CHECK_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, s), 0);
	CHECK_EQ(write(s[0], buf, 5000), 5000);
	memset(buf, 0, 5000);
	n = splice(s[1], NULL, q[1], NULL, 1000, 0);
	CHECK(n > 0 && n <= 1000);
	CHECK_ERR(splice(s[1], NULL, q[1], NULL, 1000, SPLICE_F_NONBLOCK), EAGAIN);
	CHECK_EQ(read(q[0], buf, SIZE), n);
	CHECK_EQ(read(s[1], buf + n, SIZE - n), 5000 - n);
	CHECK(is_right(buf, 0, 5000));
	for (int i = 0; i < 2; i++) {
		close(p[i]);
		close(q[i]);
		close(s[i]);
	}
}

/* A pipe of packets: a read loses what it leaves of one, but this does not. */
static int page_from[2], page_to[2];

static void *splice_page(void *arg)
{
	(void)arg;
	return (void *)(intptr_t)(splice(page_from[0], NULL, page_to[0], NULL, 4096, 0) < 0 ? errno : 0);
}

static void *read_page(void *buf)
{
	return (void *)(intptr_t)read(page_from[0], buf, 4096);
}

static void wake_up(int sig)
{
	(void)sig;
}

/* Who reads meanwhile gets nothing that is behind what the output may refuse, nor the end. */
static void splice_keeps_order(void)
{
	struct sigaction act = { .sa_handler = wake_up }, old;
	char page[4096], next[4096], behind[4096];
	pthread_t splicer, reader;
	void *ret;

	CHECK_EQ(pipe(page_from), 0);
	CHECK_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, page_to), 0);
	CHECK_EQ(sigaction(SIGUSR1, &act, &old), 0);
	fill_socket(page_to[0]);
	fcntl(page_to[0], F_SETFL, 0);
	memset(page, 'a', sizeof(page));
	CHECK_EQ(write(page_from[1], page, sizeof(page)), 4096);
	memset(page, 'b', sizeof(page));
	CHECK_EQ(write(page_from[1], page, sizeof(page)), 4096);
	close(page_from[1]);
	CHECK_EQ(pthread_create(&splicer, NULL, splice_page, NULL), 0);
	usleep(50000);
	CHECK_EQ(pthread_create(&reader, NULL, read_page, next), 0);
	usleep(50000);
	pthread_kill(splicer, SIGUSR1);
	pthread_join(splicer, &ret);
	CHECK_EQ((intptr_t)ret, EINTR);
	pthread_join(reader, &ret);
	CHECK_EQ((intptr_t)ret, 4096);
	CHECK_EQ(next[0], 'a');
	CHECK_EQ(read(page_from[0], behind, sizeof(behind)), 4096);
	CHECK_EQ(behind[0], 'b');
	sigaction(SIGUSR1, &old, NULL);
	close(page_from[0]);
	close(page_to[0]);
	close(page_to[1]);
}

static void splice_packets(void)
{
	char buf[100];
	int p[2], q[2];

	CHECK_EQ(pipe2(p, O_DIRECT), 0);
	CHECK_EQ(pipe(q), 0);
	CHECK_EQ(write(p[1], "hello", 5), 5);
	CHECK_EQ(write(p[1], "you", 3), 3);
	CHECK_EQ(splice(p[0], NULL, q[1], NULL, 2, 0), 2);
	CHECK_EQ(left_in(p[0]), 6);
	CHECK_EQ(read(p[0], buf, 2), 2);
	CHECK(!memcmp(buf, "ll", 2));
	CHECK_EQ(read(p[0], buf, sizeof(buf)), 3);
	CHECK(!memcmp(buf, "you", 3));
	for (int i = 0; i < 2; i++) {
		close(p[i]);
		close(q[i]);
	}
}

static void from_memory(void)
{
	static char big[SIZE], buf[SIZE];
	struct iovec v[2] = { { "ab", 2 }, { "cde", 3 } };
	int p[2];
	long n;

	CHECK_EQ(pipe(p), 0);
	CHECK_EQ(vmsplice(p[1], v, 2, 0), 5);
	CHECK_EQ(read(p[0], buf, 10), 5);
	CHECK(!memcmp(buf, "abcde", 5));
	v[0] = (struct iovec){ big, SIZE };
	n = vmsplice(p[1], v, 1, 0);
	CHECK(n > 0 && n <= 65536);
	v[0] = (struct iovec){ buf, SIZE };
	CHECK_EQ(vmsplice(p[0], v, 1, 0), n);
	CHECK_ERR(vmsplice(p[0], v, 1, SPLICE_F_NONBLOCK), EAGAIN);
	CHECK_ERR(vmsplice(0x7fff, v, 1, 0), EBADF);
	close(p[0]);
	close(p[1]);
}

const struct test copying_tests[] = {
	{ "sending", sending },
	{ "ranges", ranges },
	{ "splicing", splicing },
	{ "splice_refused", splice_refused },
	{ "splice_little_room", splice_little_room },
	{ "splice_keeps_order", splice_keeps_order },
	{ "splice_packets", splice_packets },
	{ "from_memory", from_memory },
	{ 0 },
};
