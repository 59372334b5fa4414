/* SPDX-License-Identifier: BSD-3-Clause */
#include <posix/calls.h>

#include <core/errno.h>
#include <core/thread.h>
#include <core/time.h>

#include "internal.h"

/* 0 is the running thread. */
static int cpu_time_of(long tid, uint64_t *ns)
{
	spin_lock(&threads_lock);
	const struct thread *t = tid ? thread_find(tid) : thread_self();

	if (t)
		*ns = thread_cpu_time(t);
	spin_unlock(&threads_lock);
	return t ? 0 : -EINVAL;
}

/* The clocks of clock_getcpuclockid() and pthread_getcpuclockid(): Linux' encoding of an id and a kind in a negative number. */
static int clock_of(long id, uint64_t *ns)
{
	long who = ~(id >> 3), kind = id & 7;

	if (kind == CPUCLOCK_THREAD)
		return cpu_time_of(who, ns);
	if (kind != CPUCLOCK_PROCESS || (who && who != 1))
		return -EINVAL;
	*ns = sched_cpu_time();
	return 0;
}

int clock_read(long id, uint64_t *ns)
{
	switch (id) {
	case CLOCK_REALTIME:
	case CLOCK_REALTIME_COARSE:
		*ns = time_wall();
		return 0;
	case CLOCK_MONOTONIC:
	case CLOCK_MONOTONIC_RAW:
	case CLOCK_MONOTONIC_COARSE:
	case CLOCK_BOOTTIME:
		*ns = time_monotonic();
		return 0;
	case CLOCK_PROCESS_CPUTIME:
		*ns = sched_cpu_time();
		return 0;
	case CLOCK_THREAD_CPUTIME:
		return cpu_time_of(0, ns);
	default:
		return id < 0 ? clock_of(id, ns) : -EINVAL;
	}
}

long sys_clock_gettime(int id, struct timespec *out)
{
	uint64_t ns;
	int ret = clock_read(id, &ns);

	if (!ret)
		*out = time_to_timespec(ns);
	return ret;
}

long sys_clock_getres(int id, struct timespec *out)
{
	uint64_t ns;
	int ret = clock_read(id, &ns);

	if (!ret && out)
		*out = (struct timespec){ 0, 1 };
	return ret;
}

long sys_clock_settime(int id, const struct timespec *in)
{
	uint64_t ns;

	if (id != CLOCK_REALTIME || timespec_read(in, &ns))
		return -EINVAL;
	time_set_wall(ns);
	return 0;
}

long sys_gettimeofday(struct timeval *out, void *zone __unused)
{
	if (out)
		*out = time_to_timeval(time_wall());
	return 0;
}

long sys_time(int64_t *out)
{
	long seconds = time_wall() / NSEC_PER_SEC;

	if (out)
		*out = seconds;
	return seconds;
}
