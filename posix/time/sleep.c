/* SPDX-License-Identifier: BSD-3-Clause */
#include <posix/calls.h>

#include <core/sched.h>
#include <core/time.h>
#include <posix/signal.h>

#include "internal.h"

/* Until @deadline on the clock @id, ns, where it is @now. 0, -EINTR or -EINVAL. */
static int sleep_on(int id, uint64_t now, uint64_t deadline)
{
	struct waiter w;
	long tid;

	if (clock_is_cpu(id, &tid))
		return cpu_sleep_until(tid, deadline);
	if (deadline <= now)
		return 0;
	waiter_init(&w);
	return waiter_sleep(&w, deadline_after(time_monotonic(), deadline - now), true) == -EINTR ? -EINTR : 0;
}

long sys_clock_nanosleep(int id, int flags, const struct timespec *request, struct timespec *remain)
{
	uint64_t ns, now, deadline;

	if ((id == CLOCK_REALTIME || id == CLOCK_TAI) && !(flags & TIMER_ABSTIME))
		id = CLOCK_MONOTONIC; /* setting the clock does not change how long */
	if (clock_read(id, &now))
		return -EINVAL;
	if (id == CLOCK_MONOTONIC_RAW || id == CLOCK_REALTIME_COARSE || id == CLOCK_MONOTONIC_COARSE ||
	    id == CLOCK_THREAD_CPUTIME)
		return -EOPNOTSUPP;
	if (timespec_read(request, &ns))
		return -EINVAL;
	deadline = flags & TIMER_ABSTIME ? ns : MIN(now + ns, TIME_MAX);
	int ret = sleep_on(id, now, deadline);

	if (ret == -EINTR && remain && !(flags & TIMER_ABSTIME) && !clock_read(id, &now))
		*remain = time_to_timespec(deadline > now ? deadline - now : 0);
	return ret;
}

long sys_nanosleep(const struct timespec *request, struct timespec *remain)
{
	return sys_clock_nanosleep(CLOCK_MONOTONIC, 0, request, remain);
}
