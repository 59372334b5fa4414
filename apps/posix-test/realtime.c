/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * SCHED_FIFO and SCHED_RR: who runs before whom (POSIX.1-2017 2.8.4). The thread that looks on has the highest priority and all are on one
 * processor, so that nothing here depends on a clock. On Linux they want the permission.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "priorities.h"
#include "test.h"

#define TOP 90

static void end(void)
{
	set_schedule(pthread_self(), SCHED_OTHER, 0);
}

/*
 * A thread for SCHED_FIFO, the last of its priority: it is raised to it. Linux puts a thread that is lowered first, which one that inherits
 * the running thread's priority would be.
 */
static int start_last(pthread_t *t, int priority, void *(*fn)(void *), void *arg)
{
	int ret = start_scheduled(t, SCHED_OTHER, 0, fn, arg);

	return ret ? ret : set_schedule(*t, SCHED_FIFO, priority);
}

static void *note_once(void *name)
{
	note(*(char *)name);
	return NULL;
}

/* Start a thread for each letter of @names, of these priorities, that does @fn; wait for them. */
static bool run(const char *names, const int *priorities, void *(*fn)(void *))
{
	pthread_t t[8];
	int n = (int)strlen(names);
	bool ok = true;

	for (int i = 0; i < n; i++)
		ok &= !start_last(&t[i], priorities[i], fn, (void *)&names[i]);
	for (int i = 0; i < n; i++)
		pthread_join(t[i], NULL);
	return ok;
}

static void highest_first(void)
{
	CHECK(begin_above(TOP));
	bool ok = run("abcdef", (int[]){ 10, 30, 20, 30, 1, 20 }, note_once);

	end();
	CHECK(ok);
	CHECK(is_trace("bdcfae"));
}

static void *note_and_yield(void *name)
{
	for (int i = 0; i < 3; i++) {
		note(*(char *)name);
		sched_yield();
	}
	return NULL;
}

static void yield_is_for_equals(void)
{
	CHECK(begin_above(TOP));
	bool ok = run("abcd", (int[]){ 10, 10, 20, 20 }, note_and_yield);

	end();
	CHECK(ok);
	CHECK(is_trace("cdcdcdababab"));
}

static void *preempted(void *name)
{
	char me = *(char *)name, other = '!';
	pthread_t t;

	note(me);
	if (me == 'a') {
		start_scheduled(&t, SCHED_FIFO, 20, note_once, &other);
		note('A');
		pthread_join(t, NULL);
	}
	return NULL;
}

/* Who is preempted is the first of its priority again. */
static void preempted_first_again(void)
{
	CHECK(begin_above(TOP));
	bool ok = run("ab", (int[]){ 10, 10 }, preempted);

	end();
	CHECK(ok);
	CHECK(is_trace("a!Ab"));
}

static int new_priority;

static void *change_priority(void *name)
{
	char me = *(char *)name;

	note(me);
	if (me == 'x') {
		pthread_setschedprio(pthread_self(), new_priority);
		note('X');
	}
	return NULL;
}

static bool change_to(int priority, const char *expected)
{
	if (!begin_above(TOP))
		return false;
	new_priority = priority;
	bool ok = run("axbc", (int[]){ 30, 20, 20, 10 }, change_priority);

	end();
	return ok && is_trace(expected);
}

static void setschedprio_places(void)
{
	CHECK(change_to(20, "axXbc")); /* stays */
	CHECK(change_to(10, "axbXc")); /* the first of the lower one */
	CHECK(change_to(5, "axbcX"));
	CHECK(change_to(25, "axXbc"));
}

static pthread_t raised[3];

static void *raise_others(void *unused)
{
	(void)unused;
	pthread_setschedprio(raised[1], 20); /* behind the one that is there */
	pthread_setschedprio(raised[2], 20);
	pthread_setschedprio(raised[2], 19); /* and off again */
	note('r');
	return NULL;
}

static void raised_last(void)
{
	static const char names[] = "abc";
	static const int priorities[] = { 20, 10, 10 };
	pthread_t t;

	CHECK(begin_above(TOP));
	for (int i = 0; i < 3; i++)
		start_last(&raised[i], priorities[i], note_once, (void *)&names[i]);
	start_scheduled(&t, SCHED_FIFO, 30, raise_others, NULL);
	pthread_join(t, NULL);
	for (int i = 0; i < 3; i++)
		pthread_join(raised[i], NULL);
	end();
	CHECK(is_trace("rabc"));
}

static sem_t sem;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_rwlock_t rwlock = PTHREAD_RWLOCK_INITIALIZER;
static int fifo_read, fifo_write;

static void *wait_sem(void *name)
{
	sem_wait(&sem);
	return note_once(name);
}

static void *wait_mutex(void *name)
{
	pthread_mutex_lock(&mutex);
	note(*(char *)name);
	pthread_mutex_unlock(&mutex);
	return NULL;
}

static void *wait_rwlock(void *name)
{
	pthread_rwlock_wrlock(&rwlock);
	note(*(char *)name);
	pthread_rwlock_unlock(&rwlock);
	return NULL;
}

static void *wait_fifo(void *name)
{
	char c;

	if (read(fifo_read, &c, 1) == 1)
		note(*(char *)name);
	return NULL;
}

static void release_sem(void)
{
	for (int i = 0; i < 4; i++)
		sem_post(&sem);
}

static void release_mutex(void)
{
	pthread_mutex_unlock(&mutex);
}

static void release_rwlock(void)
{
	pthread_rwlock_unlock(&rwlock);
}

static void release_fifo(void)
{
	for (int i = 0; i < 4; i++)
		if (write(fifo_write, "x", 1) != 1)
			return;
}

/* Four wait for the same; they get it by priority, and equals in their order. */
static bool handed_out(void *(*wait)(void *), void (*release)(void), const char *expected)
{
	static const char names[] = "abcd";
	static const int priorities[] = { 10, 30, 20, 20 };
	pthread_t t[4];

	if (!begin_above(TOP))
		return false;
	for (int i = 0; i < 4; i++)
		start_last(&t[i], priorities[i], wait, (void *)&names[i]);
	set_schedule(pthread_self(), SCHED_FIFO, 1); /* they run, and wait */
	set_schedule(pthread_self(), SCHED_FIFO, TOP);
	note('|');
	release();
	for (int i = 0; i < 4; i++)
		pthread_join(t[i], NULL);
	end();
	return is_trace(expected);
}

static void waiters_by_priority(void)
{
	int fds[2];

	sem_init(&sem, 0, 0);
	CHECK(handed_out(wait_sem, release_sem, "|bcda"));
	pthread_mutex_lock(&mutex);
	CHECK(handed_out(wait_mutex, release_mutex, "|bcda"));
	pthread_rwlock_wrlock(&rwlock);
	CHECK(handed_out(wait_rwlock, release_rwlock, "|bcda"));
	CHECK_EQ(pipe(fds), 0);
	fifo_read = fds[0];
	fifo_write = fds[1];
	CHECK(handed_out(wait_fifo, release_fifo, "|bcda"));
	close(fds[0]);
	close(fds[1]);
}

const struct test realtime_tests[] = {
	{ "highest_first", highest_first },
	{ "yield_is_for_equals", yield_is_for_equals },
	{ "preempted_first_again", preempted_first_again },
	{ "setschedprio_places", setschedprio_places },
	{ "raised_last", raised_last },
	{ "waiters_by_priority", waiters_by_priority },
	{ 0 },
};
