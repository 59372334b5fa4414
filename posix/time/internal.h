/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TIME_INTERNAL_H
#define TIME_INTERNAL_H

#include <core/time.h>
#include <core/base.h>
#include <core/errno.h>

static inline int timespec_read(const struct timespec *ts, uint64_t *ns)
{
	*ns = time_of_timespec(ts);
	return time_is_valid(ts) ? 0 : -EINVAL;
}

/* The time of clock @id in ns, or -EINVAL. */
int clock_read(long id, uint64_t *ns);
/* Is @id a clock of processor time? Of the thread with the id *@tid then, which need not exist; 0: of the process. */
bool clock_is_cpu(long id, long *tid);
/* Processor time so far, in ns, of the thread with this id, or of the process for 0. -EINVAL if there is no such thread. */
int cpu_clock_read(long tid, uint64_t *ns);

/* Sleep until processor time of @tid (as above) is @when. 0, -EINTR, or -EINVAL for the running thread's own or that of none. */
int cpu_sleep_until(long tid, uint64_t when);

#endif
