/* SPDX-License-Identifier: BSD-3-Clause */
/* Pipes. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "test.h"

static void basics(void)
{
	struct stat st;
	char buf[16];
	int p[2], n;

	CHECK_EQ(pipe(p), 0);
	CHECK_EQ(write(p[1], "hello", 5), 5);
	CHECK_EQ(ioctl(p[0], FIONREAD, &n), 0);
	CHECK_EQ(n, 5);
	CHECK_EQ(read(p[0], buf, 2), 2);
	CHECK_EQ(read(p[0], buf, 16), 3);
	CHECK(!memcmp(buf, "llo", 3));
	CHECK_ERR(lseek(p[0], 0, SEEK_SET), ESPIPE);
	CHECK_ERR(pread(p[0], buf, 1, 0), ESPIPE);
	CHECK_ERR(write(p[0], "x", 1), EBADF);
	CHECK_ERR(read(p[1], buf, 1), EBADF);
	CHECK_EQ(fstat(p[0], &st), 0);
	CHECK(S_ISFIFO(st.st_mode));
	CHECK_ERR(fsync(p[0]), EINVAL);
	close(p[1]);
	CHECK_EQ(read(p[0], buf, 16), 0);
	close(p[0]);
	CHECK_ERR(pipe2(p, 12345), EINVAL);
}

static void broken(void)
{
	int p[2];

	signal(SIGPIPE, SIG_IGN);
	CHECK_EQ(pipe(p), 0);
	close(p[0]);
	CHECK_ERR(write(p[1], "x", 1), EPIPE);
	close(p[1]);
	signal(SIGPIPE, SIG_DFL);
}

static void nonblocking(void)
{
	static char block[4096];
	long total = 0, n;
	int p[2];

	CHECK_EQ(pipe2(p, O_NONBLOCK | O_CLOEXEC), 0);
	CHECK_EQ(fcntl(p[0], F_GETFD), FD_CLOEXEC);
	CHECK_ERR(read(p[0], block, 1), EAGAIN);
	while ((n = write(p[1], block, sizeof(block))) > 0)
		total += n;
	CHECK_EQ(errno, EAGAIN);
	CHECK_EQ(total, 65536);
	CHECK_EQ(read(p[0], block, 4096), 4096);
	CHECK_EQ(write(p[1], block, 4096), 4096);
	close(p[0]);
	close(p[1]);
}

/* Pieces up to PIPE_BUF never mix. */
struct writer {
	int fd;
	char c;
};

static void *write_pieces(void *arg)
{
	struct writer *w = arg;
	char piece[512];

	memset(piece, w->c, sizeof(piece));
	for (int i = 0; i < 500; i++)
		if (write(w->fd, piece, sizeof(piece)) != sizeof(piece))
			return arg;
	return NULL;
}

static void atomic_pieces(void)
{
	struct writer w[4];
	pthread_t t[4];
	char piece[512];
	int p[2], n = 0, got;

	CHECK_EQ(pipe(p), 0);
	for (int i = 0; i < 4; i++) {
		w[i] = (struct writer){ p[1], 'a' + i };
		CHECK_EQ(pthread_create(&t[i], NULL, write_pieces, &w[i]), 0);
	}
	while (n < 4 * 500) {
		for (got = 0; got < 512;) {
			int ret = read(p[0], piece + got, 512 - got);

			CHECK(ret > 0);
			got += ret;
		}
		for (int i = 1; i < 512; i++)
			CHECK_EQ(piece[i], piece[0]);
		n++;
	}
	for (int i = 0; i < 4; i++) {
		void *ret;

		pthread_join(t[i], &ret);
		CHECK(!ret);
	}
	close(p[0]);
	close(p[1]);
}

static char big[1 << 20];

static void *write_big(void *fd)
{
	for (size_t i = 0; i < sizeof(big); i++)
		big[i] = (char)(i * 7 + i / 4096);
	return (void *)write(*(int *)fd, big, sizeof(big));
}

static void large(void)
{
	size_t done = 0;
	pthread_t t;
	void *ret;
	int p[2];
	char buf[10000];

	CHECK_EQ(pipe(p), 0);
	CHECK_EQ(pthread_create(&t, NULL, write_big, &p[1]), 0);
	while (done < sizeof(big)) {
		ssize_t n = read(p[0], buf, sizeof(buf));

		CHECK(n > 0);
		for (ssize_t i = 0; i < n; i++, done++)
			CHECK_EQ(buf[i], (char)(done * 7 + done / 4096));
	}
	pthread_join(t, &ret);
	CHECK_EQ((long)ret, sizeof(big));
	close(p[0]);
	close(p[1]);
}

static void close_fd(void *fd)
{
	close(*(int *)fd);
}

static void wakes_at_close(void)
{
	char c;
	int p[2];

	CHECK_EQ(pipe(p), 0);
	test_later(30, close_fd, &p[1]);
	CHECK_EQ(read(p[0], &c, 1), 0);
	test_join();
	close(p[0]);
}

static void readiness(void)
{
	static char block[65536];
	struct pollfd f[2];
	int p[2];

	CHECK_EQ(pipe(p), 0);
	f[0] = (struct pollfd){ p[0], POLLIN, 0 };
	f[1] = (struct pollfd){ p[1], POLLOUT, 0 };
	CHECK_EQ(poll(f, 2, 0), 1);
	CHECK(!f[0].revents && f[1].revents == POLLOUT);
	CHECK_EQ(write(p[1], block, sizeof(block)), sizeof(block));
	CHECK_EQ(poll(f, 2, 0), 1);
	CHECK(f[0].revents == POLLIN && !f[1].revents);
	close(p[1]);
	CHECK_EQ(poll(f, 1, 0), 1);
	CHECK_EQ(f[0].revents, POLLIN | POLLHUP);
	CHECK_EQ(read(p[0], block, sizeof(block)), sizeof(block));
	CHECK_EQ(poll(f, 1, 0), 1);
	CHECK_EQ(f[0].revents, POLLHUP);
	close(p[0]);
}

const struct test pipes_tests[] = {
	{ "basics", basics },
	{ "broken", broken },
	{ "nonblocking", nonblocking },
	{ "atomic_pieces", atomic_pieces },
	{ "large", large },
	{ "wakes_at_close", wakes_at_close },
	{ "readiness", readiness },
	{ 0 },
};
