/* SPDX-License-Identifier: BSD-3-Clause */
/* Relative times of the callers to absolute deadlines. */
#include <core/errno.h>
#include <core/time.h>

#include "poller.h"

static struct patience from_ns(uint64_t ns)
{
	uint64_t deadline;

	if (!ns)
		return (struct patience){ false, 0 };
	if (__builtin_add_overflow(time_monotonic(), ns, &deadline))
		deadline = 0; /* 584 years are for ever */
	return (struct patience){ true, deadline };
}

struct patience patience_ms(long ms)
{
	if (ms < 0)
		return (struct patience){ true, 0 };
	return from_ns(ms * NSEC_PER_MSEC);
}

int patience_timespec(const struct timespec *ts, struct patience *out)
{
	uint64_t ns;

	if (!ts) {
		*out = (struct patience){ true, 0 };
		return 0;
	}
	if (ts->tv_sec < 0 || ts->tv_nsec < 0 || ts->tv_nsec >= (int64_t)NSEC_PER_SEC)
		return -EINVAL;
	if (__builtin_mul_overflow((uint64_t)ts->tv_sec, NSEC_PER_SEC, &ns) ||
	    __builtin_add_overflow(ns, (uint64_t)ts->tv_nsec, &ns))
		ns = UINT64_MAX;
	*out = from_ns(ns);
	return 0;
}
