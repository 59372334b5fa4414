/* SPDX-License-Identifier: BSD-3-Clause */
/* eventfd, timerfd, signalfd. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#include "test.h"

static void counter(void)
{
	uint64_t v = 3;
	int fd = eventfd(2, EFD_NONBLOCK);

	CHECK_EQ(write(fd, &v, 8), 8);
	CHECK_EQ(read(fd, &v, 8), 8);
	CHECK_EQ(v, 5);
	CHECK_ERR(read(fd, &v, 8), EAGAIN);
	CHECK_ERR(read(fd, &v, 4), EINVAL);
	v = UINT64_MAX;
	CHECK_ERR(write(fd, &v, 8), EINVAL);
	v = UINT64_MAX - 1;
	CHECK_EQ(write(fd, &v, 8), 8);
	v = 1;
	CHECK_ERR(write(fd, &v, 8), EAGAIN);
	close(fd);
	CHECK_ERR(eventfd(0, 0x1234), EINVAL);
}

static void semaphore(void)
{
	uint64_t v;
	int fd = eventfd(2, EFD_NONBLOCK | EFD_SEMAPHORE);

	CHECK_EQ(read(fd, &v, 8), 8);
	CHECK_EQ(v, 1);
	CHECK_EQ(read(fd, &v, 8), 8);
	CHECK_ERR(read(fd, &v, 8), EAGAIN);
	close(fd);
}

static void drain(void *fd)
{
	uint64_t v;

	if (read(*(int *)fd, &v, 8) != 8)
		printf("# read failed\n");
}

static void blocking_write(void)
{
	uint64_t v = UINT64_MAX - 1;
	int fd = eventfd(0, 0);

	CHECK_EQ(write(fd, &v, 8), 8);
	test_later(30, drain, &fd);
	v = 7;
	CHECK_EQ(write(fd, &v, 8), 8);
	test_join();
	CHECK_EQ(read(fd, &v, 8), 8);
	CHECK_EQ(v, 7);
	close(fd);
}

static void timer_once(void)
{
	struct itimerspec its = { .it_value = { 0, 40000000 } }, left;
	int fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC);
	struct pollfd f = { fd, POLLIN, 0 };
	long start = test_now();
	uint64_t n;

	CHECK_EQ(timerfd_settime(fd, 0, &its, NULL), 0);
	CHECK_EQ(timerfd_gettime(fd, &left), 0);
	CHECK(!left.it_value.tv_sec && left.it_value.tv_nsec > 0 && left.it_value.tv_nsec <= 40000000);
	CHECK_EQ(poll(&f, 1, 0), 0);
	CHECK_EQ(poll(&f, 1, 5000), 1);
	CHECK_EQ(read(fd, &n, 8), 8);
	CHECK_EQ(n, 1);
	CHECK(test_now() - start >= 39 && test_now() - start < 2000);
	CHECK_EQ(fcntl(fd, F_SETFL, O_NONBLOCK), 0);
	CHECK_ERR(read(fd, &n, 8), EAGAIN);
	CHECK_EQ(timerfd_gettime(fd, &left), 0);
	CHECK(!left.it_value.tv_sec && !left.it_value.tv_nsec);
	close(fd);
}

static void timer_periodic(void)
{
	struct itimerspec its = { { 0, 10000000 }, { 0, 10000000 } }, old;
	int fd = timerfd_create(CLOCK_MONOTONIC, 0);
	uint64_t n, sum = 0;

	CHECK_EQ(timerfd_settime(fd, 0, &its, NULL), 0);
	usleep(55000);
	CHECK_EQ(read(fd, &n, 8), 8);
	CHECK(n >= 5);
	for (int i = 0; i < 3; i++) {
		CHECK_EQ(read(fd, &n, 8), 8);
		sum += n;
	}
	CHECK(sum >= 3);
	memset(&its, 0, sizeof(its));
	CHECK_EQ(timerfd_settime(fd, 0, &its, &old), 0);
	CHECK_EQ(old.it_interval.tv_nsec, 10000000);
	close(fd);
}

static void timer_absolute(void)
{
	struct itimerspec its = { 0 };
	int fd = timerfd_create(CLOCK_REALTIME, TFD_NONBLOCK);
	struct pollfd f = { fd, POLLIN, 0 };
	long start = test_now();
	uint64_t n;

	clock_gettime(CLOCK_REALTIME, &its.it_value);
	its.it_value.tv_nsec += 30000000;
	if (its.it_value.tv_nsec >= 1000000000) {
		its.it_value.tv_sec++;
		its.it_value.tv_nsec -= 1000000000;
	}
	CHECK_EQ(timerfd_settime(fd, TFD_TIMER_ABSTIME, &its, NULL), 0);
	CHECK_EQ(poll(&f, 1, 5000), 1);
	CHECK(test_now() - start >= 28);
	CHECK_EQ(read(fd, &n, 8), 8);
	its.it_value.tv_sec -= 100; /* in the past: at once */
	CHECK_EQ(timerfd_settime(fd, TFD_TIMER_ABSTIME, &its, NULL), 0);
	CHECK_EQ(poll(&f, 1, 5000), 1);
	its.it_value.tv_nsec = -1;
	CHECK_ERR(timerfd_settime(fd, 0, &its, NULL), EINVAL);
	CHECK_ERR(timerfd_create(99, 0), EINVAL);
	close(fd);
}

static void signals_as_data(void)
{
	struct signalfd_siginfo info;
	struct pollfd f = { .events = POLLIN };
	sigset_t set, old;
	int fd;

	sigemptyset(&set);
	sigaddset(&set, SIGUSR2);
	pthread_sigmask(SIG_BLOCK, &set, &old);
	fd = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
	CHECK(fd >= 0);
	f.fd = fd;
	CHECK_ERR(read(fd, &info, sizeof(info)), EAGAIN);
	CHECK_EQ(poll(&f, 1, 0), 0);
	kill(getpid(), SIGUSR2);
	CHECK_EQ(poll(&f, 1, 1000), 1);
	CHECK_EQ(read(fd, &info, sizeof(info)), sizeof(info));
	CHECK_EQ(info.ssi_signo, SIGUSR2);
	CHECK_EQ(info.ssi_pid, getpid());
	CHECK_ERR(read(fd, &info, sizeof(info)), EAGAIN);
	CHECK_ERR(read(fd, &info, 1), EINVAL);
	close(fd);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
}

static void send_usr2(void *unused)
{
	(void)unused;
	kill(getpid(), SIGUSR2);
}

static void signalfd_wakes(void)
{
	struct pollfd f = { .events = POLLIN };
	struct signalfd_siginfo info;
	sigset_t set, old;

	sigemptyset(&set);
	sigaddset(&set, SIGUSR2);
	pthread_sigmask(SIG_BLOCK, &set, &old);
	f.fd = signalfd(-1, &set, 0);
	test_later(30, send_usr2, NULL);
	CHECK_EQ(poll(&f, 1, 5000), 1);
	CHECK_EQ(read(f.fd, &info, sizeof(info)), sizeof(info));
	test_join();
	close(f.fd);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
}

const struct test events_tests[] = {
	{ "counter", counter },
	{ "semaphore", semaphore },
	{ "blocking_write", blocking_write },
	{ "timer_once", timer_once },
	{ "timer_periodic", timer_periodic },
	{ "timer_absolute", timer_absolute },
	{ "signals_as_data", signals_as_data },
	{ "signalfd_wakes", signalfd_wakes },
	{ 0 },
};
