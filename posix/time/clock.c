/* SPDX-License-Identifier: BSD-3-Clause */
#include <posix/calls.h>

#include <core/errno.h>
#include <core/thread.h>
#include <core/time.h>
#include <uk/syscall.h>

#include "internal.h"

int cpu_clock_read(long tid, uint64_t *ns)
{
	spin_lock(&threads_lock);
	const struct thread *t = tid ? thread_find(tid) : NULL;

	if (t)
		*ns = thread_cpu_time(t);
	else
		*ns = sched_cpu_time();
	spin_unlock(&threads_lock);
	return t || !tid ? 0 : -EINVAL;
}

bool clock_is_cpu(long id, long *tid)
{
	long who = ~(id >> 3);

	*tid = 0;
	if (id == CLOCK_THREAD_CPUTIME || (id < 0 && id & CPUCLOCK_OF_THREAD && !who))
		*tid = thread_self()->id;
	else if (id < 0 && id & CPUCLOCK_OF_THREAD)
		*tid = who;
	if (id >= 0)
		return id == CLOCK_PROCESS_CPUTIME || id == CLOCK_THREAD_CPUTIME;
	/* The process is 1, or 0 for the caller's. All time is the program's own. */
	return (id & CPUCLOCK_KIND) <= CPUCLOCK_SCHED && (id & CPUCLOCK_OF_THREAD || who == 0 || who == 1);
}

/* The time of a clock that is none on processor time, in ns; -1: it is another one. */
static int64_t time_of(long id)
{
	switch (id) {
	case CLOCK_REALTIME:
	case CLOCK_REALTIME_COARSE:
	case CLOCK_TAI: /* nobody has set how many leap seconds there were */
		return time_wall();
	case CLOCK_MONOTONIC:
	case CLOCK_MONOTONIC_RAW:
	case CLOCK_MONOTONIC_COARSE:
		return time_monotonic();
	case CLOCK_BOOTTIME:
		return time_boot();
	default:
		return -1;
	}
}

int clock_read(long id, uint64_t *ns)
{
	const int64_t now = time_of(id);
	long tid;

	if (now < 0)
		return clock_is_cpu(id, &tid) ? cpu_clock_read(tid, ns) : -EINVAL;
	*ns = now;
	return 0;
}

int uk_clock_tell(int id, struct timespec *out)
{
	const int64_t now = time_of(id);

	if (unlikely(now < 0))
		return 0;
	*out = time_to_timespec(now);
	return 1;
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
	return time_set_wall(ns);
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
