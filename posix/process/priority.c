/* SPDX-License-Identifier: BSD-3-Clause */
/* Nice values, which are kept and change nothing, and sched_getattr(2) and sched_setattr(2) beside them. */
#include <core/errno.h>
#include <core/string.h>
#include <core/thread.h>
#include <posix/calls.h>

#include "internal.h"

#define PRIO_PROCESS 0
#define PRIO_PGRP 1
#define PRIO_USER 2
#define NICE_MIN (-20)
#define NICE_MAX 19

#define SCHED_OTHER 0
#define SCHED_RR 2
#define SCHED_IDLE 5
#define SCHED_DEADLINE 6
#define ATTR_SIZE 48u

static int nice; /* of all threads */

/* 0 is the caller; 1 is the process, its group, and its first thread; user 0 is root. */
static int check_who(int which, int who)
{
	bool found;

	if (which < PRIO_PROCESS || which > PRIO_USER)
		return -EINVAL;
	spin_lock(&threads_lock);
	found = !who || (which == PRIO_PROCESS ? thread_find(who) != NULL : which == PRIO_PGRP && who == 1);
	spin_unlock(&threads_lock);
	return found ? 0 : -ESRCH;
}

/* The call's result is never negative: 40 is -20. */
long sys_getpriority(int which, int who)
{
	int ret = check_who(which, who);

	return ret ? ret : 20 - nice;
}

long sys_setpriority(int which, int who, int value)
{
	int ret = check_who(which, who);

	if (!ret)
		nice = MAX(MIN(value, NICE_MAX), NICE_MIN);
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
	if (!attr || tid < 0 || size < ATTR_SIZE || size > PAGE_SIZE || flags)
		return -EINVAL;
	if (check_who(PRIO_PROCESS, tid))
		return -ESRCH;
	memset(attr, 0, size);
	attr->size = ATTR_SIZE;
	attr->policy = SCHED_OTHER;
	attr->nice = nice;
	return 0;
}

/* As sched_setscheduler(2): one policy. */
long sys_sched_setattr(int tid, const struct sched_attr *attr, unsigned flags)
{
	if (!attr || tid < 0 || flags || attr->size < ATTR_SIZE || attr->policy > SCHED_DEADLINE || attr->policy == 4)
		return -EINVAL;
	if (check_who(PRIO_PROCESS, tid))
		return -ESRCH;
	if (attr->policy != SCHED_OTHER)
		return -EPERM;
	if (attr->priority)
		return -EINVAL;
	return sys_setpriority(PRIO_PROCESS, tid, attr->nice);
}
