/* SPDX-License-Identifier: BSD-3-Clause */
/* Owners of locks inherit the priority of those who wait. All threads are on one processor; on Linux that wants the permission. */
#define _GNU_SOURCE
#include <pthread.h>
#include <sched.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "priorities.h"
#include "test.h"

#define LOCK_PI 6
#define UNLOCK_PI 7
#define TOP 90

static int words[6];

static int set(pthread_t t, int priority)
{
	return set_schedule(t, priority ? SCHED_FIFO : SCHED_OTHER, priority);
}

static bool begin(void)
{
	memset(words, 0, sizeof(words));
	return begin_above(TOP);
}

/* Let the others run until they wait. */
static void let_run(void)
{
	set(pthread_self(), 1);
	set(pthread_self(), TOP);
}

/* Start a thread with @priority, raised to it, so that it is the last. */
static pthread_t start(int priority, void *(*fn)(void *), void *arg)
{
	pthread_t t;

	start_scheduled(&t, SCHED_OTHER, 0, fn, arg);
	set(t, priority);
	return t;
}

static long futex(int *word, int op, const struct timespec *timeout)
{
	return syscall(SYS_futex, word, op, 0, timeout, NULL, 0);
}

static int gate; /* a plain futex: 0 is closed */

static void pass_gate(void)
{
	while (!gate)
		syscall(SYS_futex, &gate, 0, 0, NULL, NULL, 0);
}

static void open_gate(void)
{
	gate = 1;
	syscall(SYS_futex, &gate, 1, 100, NULL, NULL, 0);
}

/* Holds words[0] while it waits for the gate. */
static void *hold(void *name)
{
	futex(&words[0], LOCK_PI, NULL);
	pass_gate();
	note(*(char *)name);
	futex(&words[0], UNLOCK_PI, NULL);
	note(*(char *)name);
	return NULL;
}

static void *want(void *name)
{
	futex(&words[0], LOCK_PI, NULL);
	note(*(char *)name);
	futex(&words[0], UNLOCK_PI, NULL);
	return NULL;
}

static void *middle(void *name)
{
	pass_gate();
	note(*(char *)name);
	return NULL;
}

/* The lowest holds what the highest wants: it runs before the one in the middle, until it lets go. */
static void owner_before_middle(void)
{
	pthread_t t[3];

	gate = 0;
	CHECK(begin());
	t[0] = start(10, hold, "l");
	let_run();
	t[1] = start(20, middle, "m");
	t[2] = start(30, want, "h");
	let_run();
	open_gate();
	for (int i = 0; i < 3; i++)
		pthread_join(t[i], NULL);
	set(pthread_self(), 0);
	CHECK(is_trace("lhml"));
}

/* words[i] is held by the thread that wants words[i - 1]. */
static void *link_in_chain(void *number)
{
	int n = (int)(intptr_t)number;

	futex(&words[n], LOCK_PI, NULL);
	if (n) {
		futex(&words[n - 1], LOCK_PI, NULL);
		note((char)('0' + n));
		futex(&words[n - 1], UNLOCK_PI, NULL);
	} else {
		pass_gate();
		note('0');
	}
	futex(&words[n], UNLOCK_PI, NULL);
	return NULL;
}

static void chain(bool raise_late, const char *expected)
{
	pthread_t t[6];

	gate = 0;
	CHECK(begin());
	for (int i = 0; i < 5; i++) {
		t[i] = start(i == 4 && !raise_late ? 40 : 10, link_in_chain, (void *)(intptr_t)i);
		let_run();
	}
	t[5] = start(20, middle, "m");
	let_run();
	if (raise_late)
		set(t[4], 40);
	open_gate();
	for (int i = 0; i < 6; i++)
		pthread_join(t[i], NULL);
	set(pthread_self(), 0);
	CHECK(is_trace(expected));
}

static void through_a_chain(void)
{
	chain(false, "01234m");
}

static void raised_while_it_waits(void)
{
	chain(true, "01234m");
}

static void *want_for_a_while(void *unused)
{
	struct timespec ts;

	(void)unused;
	clock_gettime(CLOCK_REALTIME, &ts);
	ts.tv_nsec += 10000000;
	if (ts.tv_nsec >= 1000000000) {
		ts.tv_sec++;
		ts.tv_nsec -= 1000000000;
	}
	note(futex(&words[0], LOCK_PI, &ts) && errno == ETIMEDOUT ? 't' : '?');
	return NULL;
}

/* Who gives up takes his priority with him. */
static void until_the_timeout(void)
{
	pthread_t t[3];

	gate = 0;
	CHECK(begin());
	t[0] = start(10, hold, "l");
	let_run();
	t[1] = start(20, middle, "m");
	t[2] = start(30, want_for_a_while, NULL);
	pthread_join(t[2], NULL);
	open_gate();
	for (int i = 0; i < 2; i++)
		pthread_join(t[i], NULL);
	set(pthread_self(), 0);
	CHECK(is_trace("tmll"));
}

static void handed_to_the_highest(void)
{
	static const char names[] = "abcd";
	static const int priorities[] = { 10, 30, 20, 20 };
	pthread_t t[4];

	CHECK(begin());
	futex(&words[0], LOCK_PI, NULL);
	for (int i = 0; i < 4; i++)
		t[i] = start(priorities[i], want, (void *)&names[i]);
	let_run();
	set(t[0], 25); /* while it waits */
	futex(&words[0], UNLOCK_PI, NULL);
	for (int i = 0; i < 4; i++)
		pthread_join(t[i], NULL);
	set(pthread_self(), 0);
	CHECK(is_trace("bacd"));
}

static void *close_circle(void *result)
{
	futex(&words[1], LOCK_PI, NULL);
	*(int *)result = futex(&words[0], LOCK_PI, NULL) ? errno : 0;
	futex(&words[0], UNLOCK_PI, NULL);
	futex(&words[1], UNLOCK_PI, NULL);
	return NULL;
}

static void circles_are_found(void)
{
	int result = -1;
	pthread_t t;

	CHECK(begin());
	futex(&words[0], LOCK_PI, NULL);
	t = start(10, close_circle, &result);
	let_run();
	long ret = futex(&words[1], LOCK_PI, NULL);
	int error = errno;

	futex(&words[0], UNLOCK_PI, NULL);
	pthread_join(t, NULL);
	set(pthread_self(), 0);
	CHECK(ret == -1 && error == EDEADLK);
	CHECK_EQ(result, 0);
}

/* The same by way of the C library. */
static void mutexes_inherit(void)
{
	pthread_mutexattr_t attr;
	static pthread_mutex_t m;
	int got = -1;

	pthread_mutexattr_init(&attr);
	CHECK_EQ(pthread_mutexattr_setprotocol(&attr, PTHREAD_PRIO_INHERIT), 0);
	CHECK_EQ(pthread_mutexattr_getprotocol(&attr, &got), 0);
	CHECK_EQ(got, PTHREAD_PRIO_INHERIT);
	CHECK_EQ(pthread_mutex_init(&m, &attr), 0);
	CHECK_EQ(pthread_mutex_lock(&m), 0);
	CHECK_EQ(pthread_mutex_unlock(&m), 0);
	CHECK_EQ(pthread_mutex_destroy(&m), 0);
}

const struct test inherit_tests[] = {
	{ "owner_before_middle", owner_before_middle },
	{ "through_a_chain", through_a_chain },
	{ "raised_while_it_waits", raised_while_it_waits },
	{ "until_the_timeout", until_the_timeout },
	{ "handed_to_the_highest", handed_to_the_highest },
	{ "circles_are_found", circles_are_found },
	{ "mutexes_inherit", mutexes_inherit },
	{ 0 },
};
