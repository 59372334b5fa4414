/* SPDX-License-Identifier: BSD-3-Clause */
/* Threads, thread-local data and cancellation: the C side of clone(), futex() and the cancellation points. */
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdint.h>
#include <time.h>
#include <unistd.h>
#include "lib-test.h"

#define THREADS 8

static _Thread_local int local = 42;
static _Thread_local char zeroed[100] __attribute__((__aligned__(64)));

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static int counter;

static void *count(void *arg)
{
	intptr_t rounds = (intptr_t)arg;

	if (local != 42 || zeroed[99] || (uintptr_t)zeroed % 64)
		return (void *)-1;
	for (intptr_t i = 0; i < rounds; i++) {
		local++;
		pthread_mutex_lock(&mutex);
		counter++;
		pthread_cond_signal(&changed);
		pthread_mutex_unlock(&mutex);
	}
	return (void *)(intptr_t)(local - 42);
}

LIB_TEST("musl: threads, mutexes, thread-local data", threads)
{
	pthread_t thread[THREADS];
	void *result;

	counter = 0;
	local = 7;
	for (int i = 0; i < THREADS; i++)
		CHECK(!pthread_create(&thread[i], NULL, count, (void *)(intptr_t)10000));
	pthread_mutex_lock(&mutex);
	while (counter < THREADS * 10000)
		pthread_cond_wait(&changed, &mutex);
	pthread_mutex_unlock(&mutex);
	for (int i = 0; i < THREADS; i++) {
		CHECK(!pthread_join(thread[i], &result));
		CHECK((intptr_t)result == 10000);
	}
	CHECK(counter == THREADS * 10000 && local == 7);
	local = 42;
	return true;
}

static sem_t done;

static void *post(void *arg)
{
	(void)arg;
	sem_post(&done);
	return NULL;
}

LIB_TEST("musl: detached threads, their stacks unmapped", detached)
{
	pthread_attr_t attr;
	pthread_t thread;

	CHECK(!sem_init(&done, 0, 0));
	CHECK(!pthread_attr_init(&attr) && !pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED));
	for (int i = 0; i < 500; i++) {
		CHECK(!pthread_create(&thread, &attr, post, NULL));
		CHECK(!sem_wait(&done));
	}
	return true;
}

static int cleaned;

static void clean(void *arg)
{
	cleaned += *(int *)arg;
}

static void *block(void *arg)
{
	int *pipe = arg, one = 1;
	char byte;

	pthread_cleanup_push(clean, &one);
	sem_post(&done);
	while (read(pipe[0], &byte, 1) != 0)
		;
	pthread_cleanup_pop(0);
	return NULL;
}

LIB_TEST("musl: cancelling a blocked thread", cancel)
{
	pthread_t thread;
	int ends[2];
	void *result;

	CHECK(!pipe(ends) && !sem_init(&done, 0, 0));
	cleaned = 0;
	CHECK(!pthread_create(&thread, NULL, block, ends));
	CHECK(!sem_wait(&done));
	usleep(10000);
	CHECK(!pthread_cancel(thread) && !pthread_join(thread, &result));
	CHECK(result == PTHREAD_CANCELED && cleaned == 1);
	close(ends[0]);
	close(ends[1]);
	return true;
}

static volatile int spins;

static void *spin(void *arg)
{
	int old;

	(void)arg;
	pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &old);
	sem_post(&done);
	for (int i = 0; i < 20; i++) {
		usleep(1000);
		spins++;
	}
	pthread_setcancelstate(old, NULL);
	pthread_testcancel();
	return NULL;
}

LIB_TEST("musl: cancelling is deferred while disabled", cancel_deferred)
{
	pthread_t thread;
	void *result;

	CHECK(!sem_init(&done, 0, 0));
	spins = 0;
	CHECK(!pthread_create(&thread, NULL, spin, NULL) && !sem_wait(&done));
	CHECK(!pthread_cancel(thread) && !pthread_join(thread, &result));
	CHECK(result == PTHREAD_CANCELED && spins == 20);
	return true;
}

static pthread_key_t key;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static int destroyed;

static void destroy(void *value)
{
	destroyed += (int)(intptr_t)value;
}

static void make_key(void)
{
	pthread_key_create(&key, destroy);
}

static void *use_key(void *arg)
{
	pthread_once(&once, make_key);
	pthread_setspecific(key, arg);
	return pthread_getspecific(key);
}

LIB_TEST("musl: keys and once", keys)
{
	pthread_t thread[THREADS];
	void *result;

	destroyed = 0;
	for (intptr_t i = 0; i < THREADS; i++)
		CHECK(!pthread_create(&thread[i], NULL, use_key, (void *)(i + 1)));
	for (intptr_t i = 0; i < THREADS; i++)
		CHECK(!pthread_join(thread[i], &result) && (intptr_t)result == i + 1);
	CHECK(destroyed == THREADS * (THREADS + 1) / 2);
	return true;
}

LIB_TEST("musl: timed waits end", timed_wait)
{
	struct timespec until;

	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_nsec += 10000000;
	if (until.tv_nsec >= 1000000000) {
		until.tv_nsec -= 1000000000;
		until.tv_sec++;
	}
	pthread_mutex_lock(&mutex);
	CHECK(pthread_cond_timedwait(&changed, &mutex, &until) == ETIMEDOUT);
	pthread_mutex_unlock(&mutex);
	return true;
}
