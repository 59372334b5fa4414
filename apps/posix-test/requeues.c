/* SPDX-License-Identifier: BSD-3-Clause */
/* FUTEX_WAIT_REQUEUE_PI and FUTEX_CMP_REQUEUE_PI: from a condition's word to a lock, without running in between. */
#define _GNU_SOURCE
#include <pthread.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "test.h"

enum { WAKE = 1, LOCK_PI = 6, UNLOCK_PI = 7, WAIT_REQUEUE_PI = 11, CMP_REQUEUE_PI = 12 };

static int cond, lock, owned, sleepers;

static long futex(int *word, int op, long value, const void *timeout, int *word2, int value3)
{
	return syscall(SYS_futex, word, op | 128, value, timeout, word2, value3);
}

static long requeue(long wakes, long moves, int expected)
{
	return futex(&cond, CMP_REQUEUE_PI, wakes, (void *)moves, &lock, expected);
}

static void *wait_for_it(void *arg)
{
	__atomic_add_fetch(&sleepers, 1, __ATOMIC_SEQ_CST);
	long ret = futex(&cond, WAIT_REQUEUE_PI, 0, NULL, &lock, 0);

	if (!ret && (lock & 0x3fffffff) == (int)syscall(SYS_gettid))
		owned++;
	if (!ret)
		futex(&lock, UNLOCK_PI, 0, NULL, NULL, 0);
	return arg;
}

static void begin(pthread_t *t, int n)
{
	cond = lock = owned = sleepers = 0;
	for (int i = 0; i < n; i++)
		pthread_create(&t[i], NULL, wait_for_it, NULL);
	while (__atomic_load_n(&sleepers, __ATOMIC_SEQ_CST) < n)
		usleep(1000);
	usleep(50000);
}

static void join(pthread_t *t, int n)
{
	for (int i = 0; i < n; i++)
		pthread_join(t[i], NULL);
}

static void free_lock(void)
{
	pthread_t t[1];

	begin(t, 1);
	CHECK_EQ(requeue(1, 0, 0), 1);
	join(t, 1);
	CHECK_EQ(owned, 1);
	CHECK_EQ(lock, 0);
	CHECK_EQ(requeue(1, 5, 0), 0); /* nobody is left */
}

static void held_lock(void)
{
	pthread_t t[3];

	begin(t, 3);
	CHECK_EQ(futex(&lock, LOCK_PI, 0, NULL, NULL, 0), 0);
	CHECK_EQ(requeue(1, 100, 0), 3);
	usleep(30000);
	CHECK_EQ(owned, 0);
	CHECK_EQ(lock, (int)(0x80000000u | (unsigned)syscall(SYS_gettid)));
	CHECK_EQ(futex(&lock, UNLOCK_PI, 0, NULL, NULL, 0), 0);
	join(t, 3);
	CHECK_EQ(owned, 3);
	CHECK_EQ(lock, 0);
}

static void some_of_them(void)
{
	pthread_t t[3];

	begin(t, 3);
	CHECK_EQ(requeue(1, 1, 0), 2);
	usleep(30000);
	CHECK_EQ(owned, 2);
	CHECK_EQ(requeue(1, 1, 0), 1);
	join(t, 3);
	CHECK_EQ(owned, 3);
}

static void errors(void)
{
	struct timespec ts;
	int other = 0;
	pthread_t t[1];

	cond = lock = 0;
	CHECK_ERR(futex(&cond, WAIT_REQUEUE_PI, 1, NULL, &lock, 0), EAGAIN);
	CHECK_ERR(futex(&cond, WAIT_REQUEUE_PI, 0, NULL, &cond, 0), EINVAL);
	CHECK_ERR(futex(&cond, CMP_REQUEUE_PI, 1, (void *)1, &cond, 0), EINVAL);
	CHECK_ERR(requeue(1, 1, 1), EAGAIN);
	CHECK_ERR(requeue(0, 1, 0), EINVAL);
	CHECK_ERR(requeue(2, 1, 0), EINVAL);
	clock_gettime(CLOCK_MONOTONIC, &ts);
	CHECK_ERR(futex(&cond, WAIT_REQUEUE_PI, 0, &ts, &lock, 0), ETIMEDOUT);
	begin(t, 1);
	CHECK_ERR(futex(&cond, CMP_REQUEUE_PI, 1, (void *)1, &other, 0), EINVAL);
	CHECK_ERR(futex(&cond, WAKE, 1, NULL, NULL, 0), EINVAL);
	CHECK_EQ(requeue(1, 0, 0), 1);
	join(t, 1);
	CHECK_EQ(owned, 1);
}

const struct test requeues_tests[] = {
	{ "free_lock", free_lock }, { "held_lock", held_lock }, { "some_of_them", some_of_them }, { "errors", errors }, { 0 },
};
