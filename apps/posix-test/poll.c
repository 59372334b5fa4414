/* SPDX-License-Identifier: BSD-3-Clause */
/* poll, ppoll, select, pselect. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <pthread.h>
#include <sys/eventfd.h>
#include <sys/select.h>
#include <unistd.h>

#include "test.h"

static void timeouts(void)
{
	struct pollfd none = { .fd = -1, .events = POLLIN, .revents = 99 };
	long start = test_now();

	CHECK_EQ(poll(NULL, 0, 50), 0);
	CHECK(test_now() - start >= 49 && test_now() - start < 1000);
	start = test_now();
	CHECK_EQ(poll(&none, 1, 20), 0);
	CHECK_EQ(none.revents, 0);
	CHECK(test_now() - start >= 19);
	CHECK_EQ(poll(NULL, 0, 0), 0);
}

static void invalid(void)
{
	struct pollfd f[2] = { { 999, POLLIN, 0 }, { 1, POLLOUT, 0 } };
	struct timespec bad = { 0, 2000000000 };
	volatile nfds_t many = 1u << 30;

	CHECK_EQ(poll(f, 1, -1), 1);
	CHECK_EQ(f[0].revents, POLLNVAL);
	CHECK_ERR(ppoll(f, 1, &bad, NULL), EINVAL);
	CHECK_ERR(poll(f, many, 0), EINVAL);
}

static void signal_eventfd(void *fd)
{
	uint64_t one = 1;

	if (write(*(int *)fd, &one, sizeof(one)) != sizeof(one))
		printf("# write to the eventfd failed\n");
}

static void wakes(void)
{
	int fd = eventfd(0, 0);
	struct pollfd f = { fd, POLLIN, 0 };
	long start = test_now();

	test_later(50, signal_eventfd, &fd);
	CHECK_EQ(poll(&f, 1, 5000), 1);
	CHECK_EQ(f.revents, POLLIN);
	CHECK(test_now() - start >= 45 && test_now() - start < 2000);
	test_join();
	close(fd);
}

static void many(void)
{
	struct pollfd f[200];
	int last;

	for (int i = 0; i < 200; i++) {
		f[i] = (struct pollfd){ eventfd(0, 0), POLLIN, 0 };
		CHECK(f[i].fd >= 0);
	}
	last = f[199].fd;
	CHECK_EQ(poll(f, 200, 10), 0);
	test_later(20, signal_eventfd, &last);
	CHECK_EQ(poll(f, 200, 5000), 1);
	CHECK_EQ(f[199].revents, POLLIN);
	test_join();
	for (int i = 0; i < 200; i++)
		close(f[i].fd);
}

/* Each round needs its own wake: a lost one shows as a timeout. */
static int ping[2], pong[2];

static void *echo(void *unused)
{
	char c;

	(void)unused;
	while (read(ping[0], &c, 1) == 1 && c)
		if (write(pong[1], &c, 1) != 1)
			break;
	return NULL;
}

static void ping_pong(void)
{
	pthread_t t;
	char c = 1;

	CHECK_EQ(pipe(ping) | pipe(pong), 0);
	CHECK_EQ(pthread_create(&t, NULL, echo, NULL), 0);
	for (int i = 0; i < 5000; i++) {
		struct pollfd f = { pong[0], POLLIN, 0 };

		CHECK_EQ(write(ping[1], &c, 1), 1);
		CHECK_EQ(poll(&f, 1, 5000), 1);
		CHECK_EQ(read(pong[0], &c, 1), 1);
	}
	c = 0;
	CHECK_EQ(write(ping[1], &c, 1), 1);
	pthread_join(t, NULL);
	close(ping[0]);
	close(ping[1]);
	close(pong[0]);
	close(pong[1]);
}

static volatile sig_atomic_t signals;

static void on_signal(int sig)
{
	(void)sig;
	signals++;
}

static pthread_t main_thread;

static void send_signal(void *unused)
{
	(void)unused;
	pthread_kill(main_thread, SIGUSR1);
}

static void interrupted(void)
{
	struct sigaction sa = { .sa_handler = on_signal, .sa_flags = SA_RESTART }; /* poll is not restarted */
	struct timespec ts = { 5, 0 };
	sigset_t block, old;

	sigaction(SIGUSR1, &sa, NULL);
	main_thread = pthread_self();
	signals = 0;
	test_later(30, send_signal, NULL);
	CHECK_ERR(poll(NULL, 0, 5000), EINTR);
	test_join();
	CHECK_EQ(signals, 1);
	/* Blocked outside, open within: the signal that waits already ends the call at once. */
	sigemptyset(&block);
	sigaddset(&block, SIGUSR1);
	pthread_sigmask(SIG_BLOCK, &block, &old);
	pthread_kill(pthread_self(), SIGUSR1);
	CHECK_EQ(signals, 1);
	CHECK_EQ(poll(NULL, 0, 10), 0);
	CHECK_EQ(signals, 1);
	CHECK_ERR(ppoll(NULL, 0, &ts, &old), EINTR);
	CHECK_EQ(signals, 2);
	pthread_sigmask(SIG_SETMASK, NULL, &block);
	CHECK(sigismember(&block, SIGUSR1));
	pthread_sigmask(SIG_SETMASK, &old, NULL);
}

static void select_sets(void)
{
	struct timeval tv = { 0, 20000 };
	fd_set r, w, x;
	int p[2];

	CHECK_EQ(pipe(p), 0);
	FD_ZERO(&r);
	FD_SET(p[0], &r);
	CHECK_EQ(select(p[0] + 1, &r, NULL, NULL, &tv), 0);
	CHECK(!FD_ISSET(p[0], &r));
	FD_SET(p[0], &r);
	FD_ZERO(&w);
	FD_SET(p[1], &w);
	FD_ZERO(&x);
	FD_SET(p[0], &x);
	CHECK_EQ(write(p[1], "x", 1), 1);
	CHECK_EQ(select(p[1] + 1, &r, &w, &x, NULL), 2);
	CHECK(FD_ISSET(p[0], &r) && FD_ISSET(p[1], &w) && !FD_ISSET(p[0], &x));
	CHECK_ERR(select(-1, NULL, NULL, NULL, NULL), EINVAL);
	close(p[1]);
	FD_ZERO(&r);
	FD_SET(p[1], &r);
	CHECK_ERR(select(p[1] + 1, &r, NULL, NULL, NULL), EBADF);
	close(p[0]);
}

const struct test poll_tests[] = {
	{ "timeouts", timeouts },
	{ "invalid", invalid },
	{ "wakes", wakes },
	{ "many", many },
	{ "ping_pong", ping_pong },
	{ "interrupted", interrupted },
	{ "select_sets", select_sets },
	{ 0 },
};
