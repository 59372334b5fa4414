/* SPDX-License-Identifier: BSD-3-Clause */
/* Futexes with an owner, and FUTEX_WAKE_OP. */
#define _GNU_SOURCE
#include <limits.h>
#include <pthread.h>
#include <sched.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "test.h"

#define WAIT 0
#define WAKE_OP 5
#define LOCK_PI 6
#define UNLOCK_PI 7
#define TRYLOCK_PI 8

#define OP(op, arg, cmp, with) ((uint32_t)(op) << 28 | (uint32_t)(cmp) << 24 | ((arg)&0xfffu) << 12 | ((with)&0xfffu))

static long futex(int *word, int op, long val, long timeout, int *word2, long val3)
{
	return syscall(SYS_futex, word, op, val, timeout, word2, val3);
}

static void wake_op(void)
{
	int a = 0, b = 5;

	CHECK_EQ(futex(&a, WAKE_OP, 1, 1, &b, OP(0, 7, 0, 5)), 0); /* b = 7 */
	CHECK_EQ(b, 7);
	CHECK_EQ(futex(&a, WAKE_OP, 1, 1, &b, OP(1, -2, 1, 0)), 0); /* b += -2 */
	CHECK_EQ(b, 5);
	CHECK_EQ(futex(&a, WAKE_OP, 1, 1, &b, OP(2, 8, 2, 0)), 0); /* b |= 8 */
	CHECK_EQ(b, 13);
	CHECK_EQ(futex(&a, WAKE_OP, 1, 1, &b, OP(3, 4, 3, 0)), 0); /* b &= ~4 */
	CHECK_EQ(b, 9);
	CHECK_EQ(futex(&a, WAKE_OP, 1, 1, &b, OP(4 | 8, 3, 5, 0)), 0); /* b ^= 1 << 3 */
	CHECK_EQ(b, 1);
	CHECK_ERR(futex(&a, WAKE_OP, 1, 1, &b, OP(6, 1, 0, 0)), ENOSYS);
}

static void *wait_on(void *word)
{
	return (void *)futex(word, WAIT, 0, 0, NULL, 0);
}

static void wake_op_wakes(void)
{
	static int a, b;
	pthread_t t, u;
	long n = 0;

	pthread_create(&t, NULL, wait_on, &a);
	pthread_create(&u, NULL, wait_on, &b);
	usleep(50000);
	for (int i = 0; i < 100 && n < 2; i++) { /* the second word's waiters only if it was 0 */
		n += futex(&a, WAKE_OP, 1, 1, &b, OP(0, 0, 0, 0));
		usleep(10000);
	}
	CHECK_EQ(n, 2);
	pthread_join(t, NULL);
	pthread_join(u, NULL);
}

static void owners(void)
{
	int word = 0, tid = (int)syscall(SYS_gettid);
	struct timespec past = { 1, 0 };

	CHECK_EQ(futex(&word, LOCK_PI, 0, 0, NULL, 0), 0);
	CHECK_EQ(word, tid);
	CHECK_ERR(futex(&word, LOCK_PI, 0, 0, NULL, 0), EDEADLK);
	CHECK_ERR(futex(&word, TRYLOCK_PI, 0, 0, NULL, 0), EDEADLK);
	CHECK_EQ(futex(&word, UNLOCK_PI, 0, 0, NULL, 0), 0);
	CHECK_EQ(word, 0);
	CHECK_ERR(futex(&word, UNLOCK_PI, 0, 0, NULL, 0), EPERM);
	CHECK_EQ(futex(&word, TRYLOCK_PI, 0, 0, NULL, 0), 0);
	CHECK_EQ(futex(&word, UNLOCK_PI, 0, 0, NULL, 0), 0);
	word = 0x3ffffff0; /* no such thread */
	CHECK_ERR(futex(&word, LOCK_PI, 0, (long)&past, NULL, 0), ESRCH);
}

static pthread_mutex_t mutex;
static long counter;

static void *count(void *arg)
{
	for (int i = 0; i < 2000; i++) {
		pthread_mutex_lock(&mutex);
		counter++;
		if (i % 100 == 0)
			sched_yield();
		pthread_mutex_unlock(&mutex);
	}
	return arg;
}

static void *try_for_a_while(void *result)
{
	struct timespec ts;

	clock_gettime(CLOCK_REALTIME, &ts);
	ts.tv_nsec += 30000000;
	if (ts.tv_nsec >= 1000000000) {
		ts.tv_sec++;
		ts.tv_nsec -= 1000000000;
	}
	*(int *)result = pthread_mutex_timedlock(&mutex, &ts);
	return NULL;
}

static void mutexes(void)
{
	pthread_mutexattr_t attr;
	pthread_t t[4];
	int result;

	pthread_mutexattr_init(&attr);
	CHECK_EQ(pthread_mutexattr_setprotocol(&attr, PTHREAD_PRIO_INHERIT), 0);
	CHECK_EQ(pthread_mutex_init(&mutex, &attr), 0);
	for (int i = 0; i < 4; i++)
		CHECK_EQ(pthread_create(&t[i], NULL, count, NULL), 0);
	for (int i = 0; i < 4; i++)
		pthread_join(t[i], NULL);
	CHECK_EQ(counter, 8000);
	pthread_mutex_lock(&mutex);
	CHECK_EQ(pthread_create(&t[0], NULL, try_for_a_while, &result), 0);
	pthread_join(t[0], NULL);
	CHECK_EQ(result, ETIMEDOUT);
	CHECK_EQ(pthread_mutex_unlock(&mutex), 0);
	CHECK_EQ(pthread_mutex_trylock(&mutex), 0);
	CHECK_EQ(pthread_mutex_unlock(&mutex), 0);
	CHECK_EQ(pthread_mutex_destroy(&mutex), 0);
}

const struct test futexes_tests[] = {
	{ "wake_op", wake_op }, { "wake_op_wakes", wake_op_wakes }, { "owners", owners }, { "mutexes", mutexes }, { 0 },
};
