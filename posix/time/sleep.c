/* SPDX-License-Identifier: BSD-3-Clause */
#include <posix/calls.h>

#include <core/sched.h>
#include <core/time.h>
#include <posix/signal.h>

#include "internal.h"

long sys_clock_nanosleep(int id, int flags, const struct timespec *request, struct timespec *remain)
{
	uint64_t ns, now, deadline;
	struct waiter w;

	if (clock_read(id, &now))
		return -EINVAL;
	if (id == CLOCK_MONOTONIC_RAW || id == CLOCK_REALTIME_COARSE || id == CLOCK_MONOTONIC_COARSE ||
	    id == CLOCK_THREAD_CPUTIME)
		return -EOPNOTSUPP;
	if (timespec_read(request, &ns))
		return -EINVAL;
	if (flags & TIMER_ABSTIME)
		ns = ns > now ? ns - now : 0;
	if (!ns)
		return 0;
	deadline = deadline_after(time_monotonic(), ns);
	waiter_init(&w);
	if (waiter_sleep(&w, deadline, true) != -EINTR)
		return 0;
	if (remain && !(flags & TIMER_ABSTIME)) {
		now = time_monotonic();
		*remain = time_to_timespec(deadline > now ? deadline - now : 0);
	}
	return -EINTR;
}

long sys_nanosleep(const struct timespec *request, struct timespec *remain)
{
	return sys_clock_nanosleep(CLOCK_MONOTONIC, 0, request, remain);
}
