/* SPDX-License-Identifier: BSD-3-Clause */
/* Scheduling: every thread is under SCHED_OTHER, whose one priority is 0, on one CPU. */
#include <posix/calls.h>

#include <abi/time.h>
#include <core/errno.h>
#include <core/sched.h>
#include <core/timer.h>

#include "internal.h"

#define SCHED_OTHER 0
#define SCHED_FIFO 1
#define SCHED_RR 2
#define SCHED_BATCH 3
#define SCHED_IDLE 5

#define REALTIME_MIN 1
#define REALTIME_MAX 99

static bool is_realtime(long policy)
{
	return policy == SCHED_FIFO || policy == SCHED_RR;
}

static bool is_policy(long policy)
{
	return is_realtime(policy) || policy == SCHED_OTHER || policy == SCHED_BATCH || policy == SCHED_IDLE;
}

/* 0 and the process' id, which is that of the first thread, mean the caller. */
static bool is_thread(long tid)
{
	spin_lock(&threads_lock);
	bool found = !tid || thread_find(tid);

	spin_unlock(&threads_lock);
	return found;
}

static long check(long tid, const void *param)
{
	if (tid < 0 || !param)
		return -EINVAL;
	return is_thread(tid) ? 0 : -ESRCH;
}

long sys_sched_getparam(int tid, int *out)
{
	long ret = check(tid, out);

	if (!ret)
		*out = 0;
	return ret;
}

long sys_sched_setparam(int tid, const int *in)
{
	long ret = check(tid, in);

	return ret ? ret : *in ? -EINVAL : 0;
}

long sys_sched_getscheduler(int tid)
{
	long ret = check(tid, &tid);

	return ret ? ret : SCHED_OTHER;
}

long sys_sched_setscheduler(int tid, int policy, const int *in)
{
	long ret = check(tid, in);
	int priority;

	if (ret)
		return ret;
	priority = *in;
	if (!is_policy(policy))
		return -EINVAL;
	if (is_realtime(policy))
		return priority >= REALTIME_MIN && priority <= REALTIME_MAX ? -EPERM : -EINVAL;
	return priority ? -EINVAL : policy == SCHED_OTHER ? 0 : -EPERM;
}

long sys_sched_get_priority_max(int policy)
{
	return is_policy(policy) ? is_realtime(policy) ? REALTIME_MAX : 0 : -EINVAL;
}

long sys_sched_get_priority_min(int policy)
{
	return is_policy(policy) ? is_realtime(policy) ? REALTIME_MIN : 0 : -EINVAL;
}

long sys_sched_rr_get_interval(int tid, struct timespec *out)
{
	long ret = check(tid, out);

	if (!ret)
		*out = (struct timespec){ SCHED_SLICE / NSEC_PER_SEC, SCHED_SLICE % NSEC_PER_SEC };
	return ret;
}

long sys_sched_yield(void)
{
	sched_yield();
	return 0;
}

/* One CPU, and each thread is on it. */
long sys_sched_getaffinity(int tid __unused, size_t size, uint64_t *out)
{
	if (size < 8)
		return -EINVAL;
	*out = 1;
	return 8;
}

long sys_sched_setaffinity(int tid __unused, size_t size, const uint8_t *in)
{
	return size >= 1 && *in & 1 ? 0 : -EINVAL;
}

long sys_getcpu(unsigned *cpu, unsigned *node, void *cache __unused)
{
	if (cpu)
		*cpu = 0;
	if (node)
		*node = 0;
	return 0;
}
