/* SPDX-License-Identifier: BSD-3-Clause */
/* What the calls share: relative times to absolute deadlines, the end of a call with a signal mask. */
#include <core/errno.h>
#include <core/time.h>
#include <posix/signal.h>

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

void poll_call_end(long result, const uint64_t *old_mask)
{
	/* What the temporary mask let in is for handlers only if it ended the call. */
	if (old_mask && result != -EINTR)
		signal_swap_mask(*old_mask);
	signal_call_end(result);
	if (!old_mask || result != -EINTR)
		return;
	signal_swap_mask(*old_mask);
	if (thread_interrupted())
		signal_deliver();
}
