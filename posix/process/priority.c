/* SPDX-License-Identifier: BSD-3-Clause */
/* Nice values, of each thread as on Linux, and sched_getattr(2) and sched_setattr(2), which know of them and of policies. */
#include <abi/sched.h>
#include <core/errno.h>
#include <core/string.h>
#include <posix/calls.h>

#include "schedule.h"

#define PRIO_PROCESS 0
#define PRIO_PGRP 1
#define PRIO_USER 2

#define ATTR_SIZE 48u
#define ATTR_SIZE_LINUX 56u /* with what the scheduler is not asked for */

#define FLAG_KEEP_POLICY 8u
#define FLAG_KEEP_PARAMS 16u
#define FLAGS (SCHED_FLAG_RESET_ON_FORK | FLAG_KEEP_POLICY | FLAG_KEEP_PARAMS)

/*
 * With the lock held, call @fn for the threads that @which and @who mean, while it returns 0: one for PRIO_PROCESS, else all, since the group,
 * 1, and the user, 0, are one. 0, or what @fn returned; -EINVAL, -ESRCH.
 */
static int for_each_meant(int which, int who, int (*fn)(struct thread *t, void *arg), void *arg)
{
	struct thread *t;

	switch (which) {
	case PRIO_PROCESS:
		t = schedule_thread(who);
		return t ? fn(t, arg) : -ESRCH;
	case PRIO_PGRP:
		return !who || who == 1 ? thread_for_each(fn, arg) : -ESRCH;
	case PRIO_USER:
		return !who ? thread_for_each(fn, arg) : -ESRCH;
	default:
		return -EINVAL;
	}
}

static int find_lowest(struct thread *t, void *arg)
{
	int *lowest = arg;

	*lowest = MIN(*lowest, thread_schedule(t)->nice);
	return 0;
}

/* The call's result is never negative: 40 is -20. */
long sys_getpriority(int which, int who)
{
	int lowest = NICE_MAX, ret;

	spin_lock(&threads_lock);
	ret = for_each_meant(which, who, find_lowest, &lowest);
	spin_unlock(&threads_lock);
	return ret ? ret : 20 - lowest;
}

static int set_nice(struct thread *t, void *arg)
{
	struct thread_schedule s = *thread_schedule(t);
	int nice = *(int *)arg;

	if (nice < s.nice && !schedule_may_nice(nice))
		return -EACCES;
	s.nice = (int8_t)nice;
	thread_set_schedule(t, &s, true);
	return 0;
}

long sys_setpriority(int which, int who, int value)
{
	int nice = MAX(MIN(value, NICE_MAX), NICE_MIN), ret;

	spin_lock(&threads_lock);
	ret = for_each_meant(which, who, set_nice, &nice);
	spin_unlock(&threads_lock);
	return ret;
}

struct sched_attr {
	uint32_t size, policy;
	uint64_t flags;
	int32_t nice;
	uint32_t priority;
	uint64_t runtime, deadline, period;
};

long sys_sched_getattr(int tid, struct sched_attr *attr, unsigned size, unsigned flags)
{
	struct thread_schedule s;
	long ret;

	if (!attr || size < ATTR_SIZE || size > PAGE_SIZE || flags)
		return -EINVAL;
	ret = schedule_get(tid, &s);
	if (ret)
		return ret;
	memset(attr, 0, size);
	attr->size = ATTR_SIZE;
	attr->policy = s.policy;
	attr->flags = s.reset ? SCHED_FLAG_RESET_ON_FORK : 0;
	attr->nice = s.priority ? 0 : s.nice;
	attr->priority = s.priority;
	return 0;
}

/* A program made for a later Linux may hand over more than is known, if that is nothing. Otherwise it is told how much is. */
static bool is_known_size(struct sched_attr *attr)
{
	const void *start = attr;
	const char *bytes = start;
	bool known = !attr->size || (attr->size >= ATTR_SIZE && attr->size <= PAGE_SIZE);

	for (unsigned i = ATTR_SIZE_LINUX; known && i < attr->size; i++)
		known = !bytes[i];
	if (!known)
		attr->size = ATTR_SIZE_LINUX;
	return known;
}

long sys_sched_setattr(int tid, struct sched_attr *attr, unsigned flags)
{
	struct schedule_change c = { .policy = SAME };

	if (!attr || tid < 0 || flags)
		return -EINVAL;
	if (!is_known_size(attr))
		return -E2BIG;
	if (attr->flags & ~(uint64_t)FLAGS || attr->policy > SCHED_DEADLINE)
		return -EINVAL;
	if (!(attr->flags & FLAG_KEEP_POLICY))
		c.policy = (int)attr->policy;
	c.reset = attr->flags & SCHED_FLAG_RESET_ON_FORK;
	c.keep_params = attr->flags & FLAG_KEEP_PARAMS;
	c.priority = (int)MIN(attr->priority, INT32_MAX);
	c.nice = MAX(MIN(attr->nice, NICE_MAX), NICE_MIN);
	return schedule_set(tid, &c);
}
