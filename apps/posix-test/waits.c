/* SPDX-License-Identifier: BSD-3-Clause */
/* Timeouts that are further away than 64 bits of nanoseconds: for ever, and not at once. */
#define _GNU_SOURCE
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#include "test.h"

#define SOON 20 /* ms */

/* Seconds: G_MAXINT64 microseconds, those whose nanoseconds wrap to little or become negative, the most there is. */
static const time_t far[] = { INT64_MAX / 1000000, 18446744074, 18446744073, 9223372036, 9223372037, INT64_MAX };

#define FAR (sizeof(far) / sizeof(far[0]))

static sem_t sem;
static pthread_t waiter;
static int ends[2];

static void post(void *unused)
{
	(void)unused;
	sem_post(&sem);
}

static void poke(void *unused)
{
	(void)unused;
	pthread_kill(waiter, SIGUSR1);
}

static void feed(void *unused)
{
	(void)unused;
	if (write(ends[1], "x", 1) != 1)
		test_fail(__FILE__, __LINE__, "write: errno %d", errno);
}

static void ignore(int sig)
{
	(void)sig;
}

static void semaphores(void)
{
	sem_init(&sem, 0, 0);
	for (unsigned i = 0; i < FAR; i++) {
		struct timespec ts = { far[i], 999999999 };

		test_later(SOON, post, NULL);
		int ret = sem_timedwait(&sem, &ts);

		test_join();
		CHECK_EQ(ret, 0);
	}
}

static void conditions(void)
{
	pthread_condattr_t attr;
	pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
	pthread_cond_t cond;
	struct timespec past = { 0, 0 };

	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&cond, &attr);
	pthread_mutex_lock(&mutex);
	CHECK_EQ(pthread_cond_timedwait(&cond, &mutex, &past), ETIMEDOUT);
	pthread_mutex_unlock(&mutex);
	pthread_cond_destroy(&cond);
}

static void signals(void)
{
	sigset_t set, old;

	waiter = pthread_self();
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	pthread_sigmask(SIG_BLOCK, &set, &old);
	for (unsigned i = 0; i < FAR; i++) {
		struct timespec ts = { far[i], 0 };

		test_later(SOON, poke, NULL);
		int sig = sigtimedwait(&set, NULL, &ts);

		test_join();
		CHECK_EQ(sig, SIGUSR1);
	}
	pthread_sigmask(SIG_SETMASK, &old, NULL);
}

static void sleeping(void)
{
	struct sigaction sa = { .sa_handler = ignore };

	waiter = pthread_self();
	sigaction(SIGUSR1, &sa, NULL);
	for (unsigned i = 0; i < FAR; i++) {
		struct timespec ts = { far[i], 0 };

		test_later(SOON, poke, NULL);
		int relative = clock_nanosleep(CLOCK_MONOTONIC, 0, &ts, NULL);

		test_join();
		CHECK_EQ(relative, EINTR);
		test_later(SOON, poke, NULL);
		int absolute = clock_nanosleep(CLOCK_REALTIME, TIMER_ABSTIME, &ts, NULL);

		test_join();
		CHECK_EQ(absolute, EINTR);
	}
}

static void sockets(void)
{
	char c;

	CHECK_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
	for (unsigned i = 0; i < FAR; i++) {
		struct timeval tv = { far[i], 999999 };

		CHECK_EQ(setsockopt(ends[0], SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof(tv)), 0);
		test_later(SOON, feed, NULL);
		ssize_t n = recv(ends[0], &c, 1, 0);

		test_join();
		CHECK_EQ(n, 1);
	}
	close(ends[0]);
	close(ends[1]);
}

static void polls(void)
{
	char c;

	CHECK_EQ(pipe(ends), 0);
	for (unsigned i = 0; i < FAR; i++) {
		struct pollfd p = { .fd = ends[0], .events = POLLIN };
		struct timespec ts = { far[i], 0 };
		fd_set set;

		test_later(SOON, feed, NULL);
		int polled = ppoll(&p, 1, &ts, NULL);

		test_join();
		CHECK_EQ(polled, 1);
		CHECK_EQ(read(ends[0], &c, 1), 1);
		FD_ZERO(&set);
		FD_SET(ends[0], &set);
		test_later(SOON, feed, NULL);
		int selected = pselect(ends[0] + 1, &set, NULL, NULL, &ts, NULL);

		test_join();
		CHECK_EQ(selected, 1);
		CHECK_EQ(read(ends[0], &c, 1), 1);
	}
	close(ends[0]);
	close(ends[1]);
}

static void timers(void)
{
	int fd = timerfd_create(CLOCK_MONOTONIC, 0);
	struct pollfd p = { .fd = fd, .events = POLLIN };

	for (unsigned i = 0; i < FAR; i++) {
		struct itimerspec its = { .it_value = { far[i], 0 } };

		CHECK_EQ(timerfd_settime(fd, 0, &its, NULL), 0);
		CHECK_EQ(poll(&p, 1, SOON), 0);
		CHECK_EQ(timerfd_settime(fd, TFD_TIMER_ABSTIME, &its, NULL), 0);
		CHECK_EQ(poll(&p, 1, SOON), 0);
		CHECK_EQ(timerfd_gettime(fd, &its), 0);
		CHECK(its.it_value.tv_sec > 1000000000);
	}
	close(fd);
}

const struct test waits_tests[] = {
	{ "semaphores", semaphores }, { "conditions", conditions }, { "signals", signals }, { "sleeping", sleeping },
	{ "sockets", sockets },       { "polls", polls },           { "timers", timers },   { NULL, NULL },
};
