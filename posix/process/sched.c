/* SPDX-License-Identifier: BSD-3-Clause */
/* Policies and priorities of threads; and the one CPU. */
#include <posix/calls.h>

#include <abi/sched.h>
#include <abi/time.h>
#include <core/errno.h>
#include <core/sched.h>
#include <core/timer.h>

#include "schedule.h"

long sys_sched_getparam(int tid, int *out)
{
	struct thread_schedule s;
	long ret = out ? schedule_get(tid, &s) : -EINVAL;

	if (!ret)
		*out = s.priority;
	return ret;
}

/* pthread_setschedprio() makes this call, so the rules for its place are those. */
long sys_sched_setparam(int tid, const int *in)
{
	if (!in)
		return -EINVAL;
	return schedule_set(tid,
	                    &(struct schedule_change){ .policy = SAME, .priority = *in, .nice = SAME, .keep_place = true });
}

long sys_sched_getscheduler(int tid)
{
	struct thread_schedule s;
	long ret = schedule_get(tid, &s);

	return ret ? ret : s.policy | (s.reset ? SCHED_RESET_ON_FORK : 0);
}

long sys_sched_setscheduler(int tid, int policy, const int *in)
{
	if (!in || policy < 0)
		return -EINVAL;
	struct schedule_change c = { .policy = policy & ~SCHED_RESET_ON_FORK, .priority = *in, .nice = SAME };

	c.reset = policy & SCHED_RESET_ON_FORK;
	return schedule_set(tid, &c);
}

long sys_sched_get_priority_max(int policy)
{
	switch (policy) {
	case SCHED_FIFO:
	case SCHED_RR:
		return REALTIME_MAX;
	case SCHED_OTHER:
	case SCHED_BATCH:
	case SCHED_IDLE:
	case SCHED_DEADLINE:
		return 0;
	default:
		return -EINVAL;
	}
}

long sys_sched_get_priority_min(int policy)
{
	long max = sys_sched_get_priority_max(policy);

	return max > 0 ? REALTIME_MIN : max;
}

/* A thread of SCHED_FIFO runs for as long as it wants. */
long sys_sched_rr_get_interval(int tid, struct timespec *out)
{
	struct thread_schedule s;
	long ret = schedule_get(tid, &s);

	if (ret)
		return ret;
	uint64_t ns = s.policy == SCHED_RR ? ROUND_ROBIN_SLICE : s.policy == SCHED_FIFO ? 0 : SCHED_SLICE;

	*out = (struct timespec){ ns / NSEC_PER_SEC, ns % NSEC_PER_SEC };
	return 0;
}

long sys_sched_yield(void)
{
	sched_yield();
	return 0;
}

static long check_thread(int tid)
{
	spin_lock(&threads_lock);
	const struct thread *t = schedule_thread(tid);

	spin_unlock(&threads_lock);
	return t ? 0 : -ESRCH;
}

/* One CPU, and each thread is on it. */
long sys_sched_getaffinity(int tid, size_t size, uint64_t *out)
{
	if (size < 8 || size & 7)
		return -EINVAL;
	long ret = check_thread(tid);

	if (ret)
		return ret;
	*out = 1;
	return 8;
}

long sys_sched_setaffinity(int tid, size_t size, const uint8_t *in)
{
	long ret = check_thread(tid);

	return ret ? ret : size >= 1 && *in & 1 ? 0 : -EINVAL;
}

long sys_getcpu(unsigned *cpu, unsigned *node, void *cache __unused)
{
	if (cpu)
		*cpu = 0;
	if (node)
		*node = 0;
	return 0;
}
