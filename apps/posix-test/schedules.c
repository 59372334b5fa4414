/* SPDX-License-Identifier: BSD-3-Clause */
/* Policies, priorities and nice values: what can be asked for, what is inherited. On Linux that wants the permission. */
#define _GNU_SOURCE
#include <pthread.h>
#include <sched.h>
#include <stdint.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "priorities.h"
#include "test.h"

static void *what_is_mine(void *out)
{
	struct sched_param param;

	syscall(SYS_sched_getparam, 0, &param);
	*(int *)out = (int)syscall(SYS_sched_getscheduler, 0) * 1000 + param.sched_priority;
	return NULL;
}

static void attributes(void)
{
	int other = -1, fifo = -1, rr = -1, inherited = -1, reset = -1;
	struct sched_param param = { .sched_priority = 7 };
	pthread_t t;

	CHECK_EQ(set_schedule(pthread_self(), SCHED_FIFO, 90), 0);
	start_scheduled(&t, SCHED_OTHER, 0, what_is_mine, &other);
	pthread_join(t, NULL);
	start_scheduled(&t, SCHED_FIFO, 99, what_is_mine, &fifo);
	pthread_join(t, NULL);
	start_scheduled(&t, SCHED_RR, 1, what_is_mine, &rr);
	pthread_join(t, NULL);
	pthread_create(&t, NULL, what_is_mine, &inherited);
	pthread_join(t, NULL);
	syscall(SYS_sched_setscheduler, 0, SCHED_RR | 0x40000000, &param);
	long policy = syscall(SYS_sched_getscheduler, 0);
	pthread_create(&t, NULL, what_is_mine, &reset);
	pthread_join(t, NULL);
	set_schedule(pthread_self(), SCHED_OTHER, 0);
	CHECK_EQ(other, 0);
	CHECK_EQ(fifo, 1099);
	CHECK_EQ(rr, 2001);
	CHECK_EQ(inherited, 1090);
	CHECK_EQ(policy, SCHED_RR | 0x40000000);
	CHECK_EQ(reset, 0);
}

static void refused(void)
{
	struct sched_param param = { .sched_priority = 0 };

	CHECK_EQ(set_schedule(pthread_self(), SCHED_FIFO, 0), EINVAL);
	CHECK_EQ(set_schedule(pthread_self(), SCHED_FIFO, 100), EINVAL);
	CHECK_EQ(set_schedule(pthread_self(), SCHED_OTHER, 1), EINVAL);
	CHECK_EQ(set_schedule(pthread_self(), 4, 0), EINVAL);
	CHECK_EQ(pthread_setschedprio(pthread_self(), 1), EINVAL);
	CHECK_EQ(pthread_setschedprio(pthread_self(), 0), 0);
	CHECK_ERR(syscall(SYS_sched_setscheduler, 0, SCHED_FIFO, NULL), EINVAL);
	CHECK_ERR(syscall(SYS_sched_setscheduler, -1, SCHED_OTHER, &param), EINVAL);
	CHECK_ERR(syscall(SYS_sched_setscheduler, 99999999, SCHED_OTHER, &param), ESRCH);
	CHECK_ERR(syscall(SYS_sched_getscheduler, 99999999), ESRCH);
	CHECK_EQ(sched_get_priority_max(SCHED_FIFO), 99);
	CHECK_EQ(sched_get_priority_min(SCHED_RR), 1);
	CHECK_EQ(sched_get_priority_max(SCHED_BATCH), 0);
}

static void slices(void)
{
	struct timespec ts = { 9, 9 };

	CHECK_EQ(set_schedule(pthread_self(), SCHED_RR, 1), 0);
	CHECK_EQ(sched_rr_get_interval(0, &ts), 0);
	CHECK(ts.tv_sec == 0 && ts.tv_nsec == 100000000);
	CHECK_EQ(set_schedule(pthread_self(), SCHED_FIFO, 1), 0);
	CHECK_EQ(sched_rr_get_interval(0, &ts), 0);
	CHECK(ts.tv_sec == 0 && ts.tv_nsec == 0);
	CHECK_EQ(set_schedule(pthread_self(), SCHED_BATCH, 0), 0);
	CHECK_EQ(set_schedule(pthread_self(), SCHED_IDLE, 0), 0);
	CHECK_EQ(set_schedule(pthread_self(), SCHED_OTHER, 0), 0);
}

struct attr {
	uint32_t size, policy;
	uint64_t flags;
	int32_t nice;
	uint32_t priority;
	uint64_t runtime, deadline, period;
};

static void attr_calls(void)
{
	struct attr a = { .size = 48, .policy = SCHED_RR, .priority = 33, .flags = 1 }, b = { 0 };
	struct attr keep = { .size = 48, .policy = 6, .nice = 3, .flags = 8 }, small = { .size = 47 };

	CHECK_EQ(syscall(SYS_sched_setattr, 0, &a, 0), 0);
	CHECK_EQ(syscall(SYS_sched_getattr, 0, &b, sizeof(b), 0), 0);
	CHECK(b.size == 48 && b.policy == SCHED_RR && b.priority == 33 && b.flags == 1 && b.nice == 0);
	a = (struct attr){ .size = 48, .policy = SCHED_OTHER, .nice = 2 };
	CHECK_EQ(syscall(SYS_sched_setattr, 0, &a, 0), 0);
	CHECK_EQ(getpriority(PRIO_PROCESS, 0), 2);
	CHECK_EQ(syscall(SYS_sched_setattr, 0, &keep, 0), 0);
	CHECK_EQ(syscall(SYS_sched_getattr, 0, &b, sizeof(b), 0), 0);
	CHECK(b.policy == SCHED_OTHER && b.priority == 0 && b.flags == 0 && b.nice == 3);
	a.nice = 0;
	CHECK_EQ(syscall(SYS_sched_setattr, 0, &a, 0), 0);
	CHECK_ERR(syscall(SYS_sched_setattr, 0, &small, 0), E2BIG);
	a.priority = 1;
	CHECK_ERR(syscall(SYS_sched_setattr, 0, &a, 0), EINVAL);
}

static void *nice_of_thread(void *out)
{
	int *values = out;

	values[0] = getpriority(PRIO_PROCESS, 0);
	setpriority(PRIO_PROCESS, 0, 12);
	values[1] = getpriority(PRIO_PROCESS, 0);
	return NULL;
}

/* As on Linux a nice value is a thread's, and inherited. */
static void nice_values(void)
{
	int values[2] = { 0, 0 };
	pthread_t t;

	CHECK_EQ(setpriority(PRIO_PROCESS, 0, -7), 0);
	CHECK_EQ(pthread_create(&t, NULL, nice_of_thread, values), 0);
	pthread_join(t, NULL);
	CHECK_EQ(values[0], -7);
	CHECK_EQ(values[1], 12);
	CHECK_EQ(getpriority(PRIO_PROCESS, 0), -7);
	CHECK_EQ(setpriority(PRIO_PROCESS, 0, 0), 0);
}

const struct test schedules_tests[] = {
	{ "attributes", attributes }, { "refused", refused },         { "slices", slices },
	{ "attr_calls", attr_calls }, { "nice_values", nice_values }, { 0 },
};
