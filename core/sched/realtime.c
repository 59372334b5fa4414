/* SPDX-License-Identifier: BSD-3-Clause */
#include "realtime.h"

#include <abi/sched.h>
#include <core/priority.h>
#include <core/timer.h>

#include "run_queue.h"

/* Linux's defaults. A thread that computes for ever under SCHED_FIFO would otherwise keep the kernel's own workers from running, too. */
#define PERIOD NSEC_PER_SEC
#define SHARE (950 * NSEC_PER_MSEC)

static uint64_t period_end; /* monotonic */
static uint64_t used; /* by all real-time threads, in this period */

void realtime_charge(struct thread *t, uint64_t now, uint64_t ns)
{
	t->slice_used += ns;
	if (now >= period_end) {
		uint64_t into = (now - period_end) % PERIOD;

		period_end = now - into + PERIOD;
		used = MIN(ns, into);
	} else {
		used += ns;
	}
}

bool realtime_exhausted(void)
{
	return used >= SHARE && time_monotonic() < period_end;
}

static uint64_t share_left(uint64_t now)
{
	if (now >= period_end)
		return SHARE;
	return used < SHARE ? SHARE - used : 0;
}

/* Without a priority of its own it has inherited one, and no slices. */
static bool has_slices(const struct thread *t)
{
	return t->schedule.policy == SCHED_RR;
}

uint64_t realtime_turn(const struct thread *t)
{
	uint64_t now = time_monotonic(), ns = UINT64_MAX;

	if (!t->priority) /* they wait until the next period begins */
		return period_end > now ? period_end - now : 0;
	if (has_slices(t))
		ns = ROUND_ROBIN_SLICE - t->slice_used % ROUND_ROBIN_SLICE;
	return run_queue_first_fair() ? MIN(ns, share_left(now)) : ns;
}

void realtime_slice(struct thread *t)
{
	if (!has_slices(t) || t->slice_used < ROUND_ROBIN_SLICE)
		return;
	t->slice_used %= ROUND_ROBIN_SLICE;
	run_queue_to_tail(t);
}
