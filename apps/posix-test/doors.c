/* SPDX-License-Identifier: BSD-3-Clause */
/* What a signal or a cancellation does to a call, at any moment. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "test.h"

#define ROUNDS 2000
#define CANCELS 500

static volatile int stop;
static volatile unsigned long spun;
static pthread_t partner;
static int ends[2];

static void on_signal(int sig)
{
	(void)sig;
}

static void handle(int sig, int flags)
{
	struct sigaction sa = { .sa_handler = on_signal, .sa_flags = flags };

	sigaction(sig, &sa, NULL);
}

static void *compute(void *unused)
{
	while (!stop)
		spun++;
	return unused;
}

static void poke_five(void *arg)
{
	for (int i = 0; i < 5; i++) {
		pthread_kill(*(pthread_t *)arg, SIGUSR1);
		usleep(20000);
	}
}

/* The first cancel of the process meets a thread that sleeps already. Its place is before all tests that cancel. */
static void *block_in_read(void *unused)
{
	char c;

	(void)!read(ends[0], &c, 1);
	return unused;
}

static void first_cancel(void)
{
	pthread_t t;
	void *result = NULL;

	CHECK_EQ(pipe(ends), 0);
	CHECK_EQ(pthread_create(&t, NULL, block_in_read, NULL), 0);
	usleep(50000);
	CHECK_EQ(pthread_cancel(t), 0);
	usleep(50000);
	(void)!write(ends[1], "x", 1); /* if it was not cancelled it ends now */
	CHECK_EQ(pthread_join(t, &result), 0);
	CHECK(result == PTHREAD_CANCELED);
	close(ends[0]);
	close(ends[1]);
}

/* A byte that read() took is not lost: the reader counts it before it can be cancelled. */
static volatile unsigned taken;

static void *read_for_ever(void *unused)
{
	char c;

	for (;;)
		if (read(ends[0], &c, 1) == 1)
			taken++;
	return unused;
}

static void cancel_anywhere(void)
{
	struct timespec wait = { 0, 0 };
	unsigned sent = 0, left = 0;
	pthread_t third, t;
	char c;

	stop = 0;
	taken = 0;
	CHECK_EQ(pipe(ends), 0);
	CHECK_EQ(pthread_create(&third, NULL, compute, NULL), 0);
	for (int i = 0; i < CANCELS; i++) {
		void *result;

		CHECK_EQ(pthread_create(&t, NULL, read_for_ever, NULL), 0);
		sent += write(ends[1], "x", 1) == 1;
		wait.tv_nsec = rand() % 8 * 5000;
		if (wait.tv_nsec)
			nanosleep(&wait, NULL);
		CHECK_EQ(pthread_cancel(t), 0);
		CHECK_EQ(pthread_join(t, &result), 0);
		CHECK(result == PTHREAD_CANCELED);
	}
	stop = 1;
	pthread_join(third, NULL);
	fcntl(ends[0], F_SETFL, O_NONBLOCK);
	while (read(ends[0], &c, 1) == 1)
		left++;
	CHECK_EQ(taken + left, sent);
	close(ends[0]);
	close(ends[1]);
}

/* A wait that a cancellation ends is not begun again, whenever the interrupts of the canceller's own sleep come. */
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t cond = PTHREAD_COND_INITIALIZER;
static sem_t locked;

static void unlock(void *unused)
{
	(void)unused;
	pthread_mutex_unlock(&mutex);
}

static void *wait_for_ever(void *unused)
{
	pthread_mutex_lock(&mutex);
	pthread_cleanup_push(unlock, NULL);
	sem_post(&locked);
	for (;;)
		pthread_cond_wait(&cond, &mutex);
	pthread_cleanup_pop(1);
	return unused;
}

static void cancel_waiting(void)
{
	struct timespec moment = { 0, 0 };
	void *result;
	pthread_t t;

	sem_init(&locked, 0, 0);
	for (int i = 0; i < CANCELS; i++) {
		CHECK_EQ(pthread_create(&t, NULL, wait_for_ever, NULL), 0);
		sem_wait(&locked);
		pthread_mutex_lock(&mutex);
		CHECK_EQ(pthread_cancel(t), 0);
		moment.tv_nsec = rand() % 64 * 1000;
		nanosleep(&moment, NULL);
		pthread_mutex_unlock(&mutex);
		CHECK_EQ(pthread_join(t, &result), 0);
		CHECK(result == PTHREAD_CANCELED);
	}
	sem_destroy(&locked);
}

static volatile int turns;

static void *answer(void *arg)
{
	sigset_t mask;

	sigfillset(&mask);
	sigdelset(&mask, SIGUSR2);
	for (int i = 0; i < ROUNDS; i++) {
		sigsuspend(&mask);
		turns++;
		pthread_kill(*(pthread_t *)arg, SIGUSR1);
	}
	return NULL;
}

/* Two threads send each other signals, each waiting for its own in sigsuspend(), while a third one computes. */
static void suspend(void)
{
	pthread_t self = pthread_self(), third;
	sigset_t all, old, mask;

	handle(SIGUSR1, 0);
	handle(SIGUSR2, 0);
	stop = turns = 0;
	sigemptyset(&all);
	sigaddset(&all, SIGUSR1);
	sigaddset(&all, SIGUSR2);
	pthread_sigmask(SIG_BLOCK, &all, &old);
	CHECK_EQ(pthread_create(&third, NULL, compute, NULL), 0);
	CHECK_EQ(pthread_create(&partner, NULL, answer, &self), 0);
	sigfillset(&mask);
	sigdelset(&mask, SIGUSR1);
	for (int i = 0; i < ROUNDS; i++) {
		pthread_kill(partner, SIGUSR2);
		sigsuspend(&mask);
	}
	pthread_join(partner, NULL);
	stop = 1;
	pthread_join(third, NULL);
	CHECK_EQ(turns, ROUNDS);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
}

/* SA_RESTART does not make a timeout begin anew. */
static void restart_with_timeout(void)
{
	struct timeval tv = { 2, 0 };
	pthread_t self = pthread_self();
	char c;

	handle(SIGUSR1, SA_RESTART);
	CHECK_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
	setsockopt(ends[0], SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof(tv));
	test_later(50, poke_five, &self);
	ssize_t n = recv(ends[0], &c, 1, 0);
	int err = errno;

	test_join();
	CHECK(n == -1 && err == EINTR);
	close(ends[0]);
	close(ends[1]);
}

static void restart_without_timeout(void)
{
	struct timespec far = { 5, 0 };
	pthread_t self = pthread_self();
	struct timespec rest;
	sem_t sem;

	handle(SIGUSR2, 0); /* a handler without SA_RESTART exists */
	handle(SIGUSR1, SA_RESTART);
	sem_init(&sem, 0, 0);
	test_later(20, poke_five, &self);
	struct itimerval it = { .it_interval = { 0, 150000 }, .it_value = { 0, 150000 } };

	handle(SIGALRM, 0);
	setitimer(ITIMER_REAL, &it, NULL);
	int ret = sem_wait(&sem); /* only SIGALRM ends it */
	int err = errno;

	setitimer(ITIMER_REAL, &(struct itimerval){ 0 }, NULL);
	test_join();
	CHECK(ret == -1 && err == EINTR);
	test_later(20, poke_five, &self);
	ret = clock_nanosleep(CLOCK_MONOTONIC, 0, &far, &rest);
	test_join();
	CHECK_EQ(ret, EINTR);
	CHECK(rest.tv_sec < 5);
}

/* Commands of fcntl() are no requests of ioctl(), and the reverse. */
static void number_spaces(void)
{
	int n = 0;

	CHECK_EQ(pipe(ends), 0);
	CHECK_ERR(ioctl(ends[0], F_GETPIPE_SZ, 0), ENOTTY);
	CHECK_ERR(ioctl(ends[1], F_SETPIPE_SZ, 4096), ENOTTY);
	CHECK_ERR(ioctl(ends[0], F_GETFL, 0), ENOTTY);
	CHECK_ERR(fcntl(ends[0], FIONREAD, &n), EINVAL);
	CHECK_EQ(fcntl(ends[0], F_GETPIPE_SZ), 65536);
	close(ends[0]);
	close(ends[1]);
	CHECK_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
	CHECK_ERR(fcntl(ends[0], F_GETPIPE_SZ), EBADF);
	CHECK_ERR(ioctl(ends[0], F_GETPIPE_SZ, 0), ENOTTY);
	close(ends[0]);
	close(ends[1]);
}

const struct test doors_tests[] = {
	{ "first_cancel", first_cancel },
	{ "cancel_anywhere", cancel_anywhere },
	{ "cancel_waiting", cancel_waiting },
	{ "suspend", suspend },
	{ "restart_with_timeout", restart_with_timeout },
	{ "restart_without_timeout", restart_without_timeout },
	{ "number_spaces", number_spaces },
	{ NULL, NULL },
};
