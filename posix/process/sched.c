/* SPDX-License-Identifier: BSD-3-Clause */
/* Scheduling: every thread is under SCHED_OTHER, whose one priority is 0, on one CPU. */
#include <uk/syscall.h>

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
	preempt_disable();
	bool found = !tid || thread_find(tid);

	preempt_enable();
	return found;
}

static long check(long tid, const void *param)
{
	if (tid < 0 || !param)
		return -EINVAL;
	return is_thread(tid) ? 0 : -ESRCH;
}

long uk_syscall_sched_getparam(long tid, long out)
{
	long ret = check(tid, (const void *)out);

	if (!ret)
		*(int *)out = 0;
	return ret;
}

long uk_syscall_sched_setparam(long tid, long in)
{
	long ret = check(tid, (const void *)in);

	return ret ? ret : *(const int *)in ? -EINVAL : 0;
}

long uk_syscall_sched_getscheduler(long tid)
{
	long ret = check(tid, &tid);

	return ret ? ret : SCHED_OTHER;
}

long uk_syscall_sched_setscheduler(long tid, long policy, long in)
{
	long ret = check(tid, (const void *)in);
	int priority;

	if (ret)
		return ret;
	priority = *(const int *)in;
	if (!is_policy(policy))
		return -EINVAL;
	if (is_realtime(policy))
		return priority >= REALTIME_MIN && priority <= REALTIME_MAX ? -EPERM : -EINVAL;
	return priority ? -EINVAL : policy == SCHED_OTHER ? 0 : -EPERM;
}

long uk_syscall_sched_get_priority_max(long policy)
{
	return is_policy(policy) ? is_realtime(policy) ? REALTIME_MAX : 0 : -EINVAL;
}

long uk_syscall_sched_get_priority_min(long policy)
{
	return is_policy(policy) ? is_realtime(policy) ? REALTIME_MIN : 0 : -EINVAL;
}

long uk_syscall_sched_rr_get_interval(long tid, long out)
{
	long ret = check(tid, (const void *)out);

	if (!ret) {
		((int64_t *)out)[0] = SCHED_SLICE / NSEC_PER_SEC;
		((int64_t *)out)[1] = SCHED_SLICE % NSEC_PER_SEC;
	}
	return ret;
}

long uk_syscall_sched_yield(void)
{
	sched_yield();
	if (thread_interrupted())
		signal_deliver();
	return 0;
}

/* One CPU, and each thread is on it. */
long uk_syscall_sched_getaffinity(long tid __unused, long size, long out)
{
	if (size < 8)
		return -EINVAL;
	*(uint64_t *)out = 1;
	return 8;
}

long uk_syscall_sched_setaffinity(long tid __unused, long size, long in)
{
	return size >= 1 && *(const uint8_t *)in & 1 ? 0 : -EINVAL;
}

long uk_syscall_getcpu(long cpu, long node, long cache __unused)
{
	if (cpu)
		*(unsigned *)cpu = 0;
	if (node)
		*(unsigned *)node = 0;
	return 0;
}
