/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A timer that counts down at a rate of its own, set for moments of the time-stamp counter. How many of its ticks go into one of the counter's is
 * known roughly at first, and never taken for more than it is: then a wait ends early, never late. One that did says how many there are at least.
 */
#ifndef KVM_ONESHOT_H
#define KVM_ONESHOT_H

#include <core/base.h>

struct oneshot {
	uint64_t ticks_per_tsc; /* 32.32 fixed point, at most what it really is */
	uint64_t begin; /* of the last wait */
	uint32_t ticks; /* that it was set to */
};

/* The ticks, 1 at least, to set the timer to at @now, so that it does not end after @deadline; early, if that is further away than it can count. */
uint32_t oneshot_ticks(struct oneshot *o, uint64_t now, uint64_t deadline);

/* At @now, would a timer that has run out have run faster than it was taken to? */
bool oneshot_is_faster(const struct oneshot *o, uint64_t now);

/* The timer has run out, at @now or before. */
void oneshot_learn(struct oneshot *o, uint64_t now);

#endif
