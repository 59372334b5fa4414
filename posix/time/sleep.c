/* SPDX-License-Identifier: BSD-3-Clause */
#include <uk/syscall.h>

#include <core/sched.h>
#include <core/time.h>
#include <posix/signal.h>

#include "internal.h"

long uk_syscall_clock_nanosleep(long id, long flags, long request, long remain)
{
	uint64_t ns, now, deadline;
	struct waiter w;

	if (timespec_read((const struct timespec *)request, &ns) || id == CLOCK_THREAD_CPUTIME || clock_read(id, &now))
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
		*(struct timespec *)remain = time_to_timespec(deadline > now ? deadline - now : 0);
	}
	signal_deliver();
	return -EINTR;
}

long uk_syscall_nanosleep(long request, long remain)
{
	return uk_syscall_clock_nanosleep(CLOCK_MONOTONIC, 0, request, remain);
}
