/* SPDX-License-Identifier: BSD-3-Clause */
/* Threads: locks, conditions, thread-local storage, floating point under preemption. */
#define _GNU_SOURCE
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <stdlib.h>
#include <sys/sysinfo.h>
#include <time.h>
#include <unistd.h>

#include "test.h"

#define THREADS 64

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t cond = PTHREAD_COND_INITIALIZER;
static __thread long local = 42;
static long shared, turn;

static void *count_up(void *n)
{
	for (long i = 0; i < (long)n; i++) {
		pthread_mutex_lock(&lock);
		shared++;
		pthread_mutex_unlock(&lock);
	}
	return n;
}

static void mutexes(void)
{
	pthread_t t[16];

	shared = 0;
	for (int i = 0; i < 16; i++)
		CHECK_EQ(pthread_create(&t[i], NULL, count_up, (void *)10000L), 0);
	for (int i = 0; i < 16; i++) {
		void *ret;

		CHECK_EQ(pthread_join(t[i], &ret), 0);
		CHECK_EQ((long)ret, 10000);
	}
	CHECK_EQ(shared, 160000);
}

static void *take_turns(void *me)
{
	for (int i = 0; i < 200; i++) {
		pthread_mutex_lock(&lock);
		while (turn % 8 != (long)me)
			pthread_cond_wait(&cond, &lock);
		turn++;
		pthread_cond_broadcast(&cond);
		pthread_mutex_unlock(&lock);
	}
	return NULL;
}

static void conditions(void)
{
	pthread_t t[8];

	turn = 0;
	for (long i = 0; i < 8; i++)
		CHECK_EQ(pthread_create(&t[i], NULL, take_turns, (void *)i), 0);
	for (int i = 0; i < 8; i++)
		pthread_join(t[i], NULL);
	CHECK_EQ(turn, 1600);
}

static void timed_wait(void)
{
	struct timespec ts;
	long start = test_now();

	clock_gettime(CLOCK_REALTIME, &ts);
	ts.tv_nsec += 30000000;
	if (ts.tv_nsec >= 1000000000) {
		ts.tv_sec++;
		ts.tv_nsec -= 1000000000;
	}
	pthread_mutex_lock(&lock);
	CHECK_EQ(pthread_cond_timedwait(&cond, &lock, &ts), ETIMEDOUT);
	pthread_mutex_unlock(&lock);
	CHECK(test_now() - start >= 28);
}

static void *check_local(void *n)
{
	if (local != 42)
		return NULL;
	local = (long)n;
	usleep(10000);
	return local == (long)n ? n : NULL;
}

static void local_storage(void)
{
	pthread_t t[THREADS];

	for (long i = 0; i < THREADS; i++)
		CHECK_EQ(pthread_create(&t[i], NULL, check_local, (void *)(i + 1)), 0);
	for (long i = 0; i < THREADS; i++) {
		void *ret;

		pthread_join(t[i], &ret);
		CHECK_EQ((long)ret, i + 1);
	}
	CHECK_EQ(local, 42);
}

static void *detached(void *sem)
{
	sem_post(sem);
	return NULL;
}

/* Many threads one after the other: stacks and thread structures are given back. */
static void many_in_a_row(void)
{
	sem_t sem;

	sem_init(&sem, 0, 0);
	for (int i = 0; i < 2000; i++) {
		pthread_t t;

		CHECK_EQ(pthread_create(&t, NULL, detached, &sem), 0);
		if (i % 2)
			pthread_detach(t);
		else
			pthread_join(t, NULL);
	}
	for (int i = 0; i < 2000; i++)
		sem_wait(&sem);
	sem_destroy(&sem);
}

static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_key_t key;

static void destroyed(void *p)
{
	++*(int *)p;
}

static void make_key(void)
{
	pthread_key_create(&key, destroyed);
}

static void *use_key(void *p)
{
	pthread_once(&once, make_key);
	pthread_setspecific(key, p);
	return pthread_getspecific(key);
}

static void keys(void)
{
	int n = 0;
	pthread_t t;
	void *ret;

	CHECK_EQ(pthread_create(&t, NULL, use_key, &n), 0);
	pthread_join(t, &ret);
	CHECK(ret == &n && n == 1);
}

static void preemption(void)
{
	CHECK_EQ(stress_for(2000), 0);
}

#define BIG_STACK (16ul << 20)

static void *use_stack(void *arg)
{
	volatile char *top = __builtin_frame_address(0);

	for (size_t at = 4096; at < 64 << 10; at += 4096)
		top[-(long)at] = 1;
	return arg;
}

static unsigned long free_memory(void)
{
	struct sysinfo info;

	sysinfo(&info);
	return info.freeram;
}

/* Nobody joins: the stack of one that ends goes by itself, however large it is. */
static void detached_gives_back(void)
{
	pthread_attr_t attr;
	pthread_t t;

	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, BIG_STACK);
	pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
	unsigned long before = free_memory();

	for (int i = 0; i < 200; i++) {
		CHECK_EQ(pthread_create(&t, &attr, use_stack, NULL), 0);
		for (int wait = 0; wait < 1000 && free_memory() + (4 << 20) < before; wait++)
			usleep(1000);
	}
	pthread_attr_destroy(&attr);
	CHECK(free_memory() + (4 << 20) > before);
}

static char order[8];
static int places;

static int be_fifo(pthread_t t, int priority)
{
	struct sched_param param = { .sched_priority = priority };

	return pthread_setschedparam(t, SCHED_FIFO, &param);
}

static void *ask_again(void *name)
{
	order[places++] = *(char *)name;
	if (*(char *)name == 'a') {
		be_fifo(pthread_self(), 20);
		order[places++] = 'A';
	}
	if (*(char *)name == 'b') {
		be_fifo(pthread_self(), 10);
		order[places++] = 'B';
	}
	return NULL;
}

/*
 * POSIX.1-2017 2.8.4, 7: who is given a policy and priority goes behind those who have it, even if he had it before, or a higher one. Linux
 * has that for a higher one only.
 */
static void given_a_priority_goes_last(void)
{
	static const char names[] = "abcd";
	struct sched_param none = { .sched_priority = 0 };
	pthread_t t[4];

	places = 0;
	CHECK_EQ(be_fifo(pthread_self(), 90), 0);
	for (int i = 0; i < 4; i++) {
		pthread_create(&t[i], NULL, ask_again, (void *)&names[i]);
		be_fifo(t[i], i == 3 ? 10 : 20);
	}
	for (int i = 0; i < 4; i++)
		pthread_join(t[i], NULL);
	pthread_setschedparam(pthread_self(), SCHED_OTHER, &none);
	order[places] = 0;
	printf("# %s\n", order);
	CHECK(!strcmp(order, "abcAdB"));
}

const struct test threads_tests[] = {
	{ "detached_gives_back", detached_gives_back },
	{ "mutexes", mutexes },
	{ "conditions", conditions },
	{ "timed_wait", timed_wait },
	{ "local_storage", local_storage },
	{ "many_in_a_row", many_in_a_row },
	{ "keys", keys },
	{ "preemption", preemption },
	{ "given_a_priority_goes_last", given_a_priority_goes_last },
	{ 0 },
};
