/* SPDX-License-Identifier: BSD-3-Clause */
/* The monotonic clock and one-shot timers, in nanoseconds. Tickless: the platform's timer is set for the next deadline only. */
#ifndef CORE_TIMER_H
#define CORE_TIMER_H

#include <core/base.h>
#include <core/tree.h>

uint64_t time_monotonic(void); /* ns since boot, never 0 */

/* @fn runs in interrupt-handler context (preemption disabled, no sleeping) once @deadline has passed. */
struct timer {
	struct tree_node node; /* by deadline */
	uint64_t deadline;
	void (*fn)(struct timer *t);
};

/* For one with static storage: unarmed. */
#define TIMER_INIT(name, function) \
	{ \
		.node.parent = &(name).node, .fn = (function) \
	}

/* Before the first use of another: unarmed. */
void timer_init(struct timer *t, void (*fn)(struct timer *t));
void timer_set(struct timer *t, uint64_t deadline); /* absolute monotonic; re-arms an armed timer */
static inline bool timer_is_set(const struct timer *t) /* armed, and not over yet */
{
	return tree_is_linked(&t->node);
}
void timer_cancel(struct timer *t); /* afterwards @fn is not running and will not run; harmless when unarmed */

/*
 * Have no interrupt for timers that were cancelled, or set to later, since the hardware was set. Without this one may come for nothing. Preemption
 * disabled.
 */
void timer_trim(void);

#endif
