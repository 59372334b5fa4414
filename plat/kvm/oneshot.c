/* SPDX-License-Identifier: BSD-3-Clause */
#include "oneshot.h"

typedef unsigned __int128 wide;

uint32_t oneshot_ticks(struct oneshot *o, uint64_t now, uint64_t deadline)
{
	uint64_t wait = deadline > now ? deadline - now : 0;
	wide ticks = ((wide)wait * o->ticks_per_tsc) >> 32;

	o->begin = now;
	o->ticks = (uint32_t)MAX(1, MIN(ticks, (wide)UINT32_MAX));
	return o->ticks;
}

/* What it ran at least, if it has run out: the interrupt may have come later, but not before. */
static wide least(const struct oneshot *o, uint64_t now)
{
	return now > o->begin ? ((wide)o->ticks << 32) / (now - o->begin) : 0;
}

bool oneshot_is_faster(const struct oneshot *o, uint64_t now)
{
	return o->ticks > 1 && least(o, now) > o->ticks_per_tsc;
}

void oneshot_learn(struct oneshot *o, uint64_t now)
{
	if (oneshot_is_faster(o, now))
		o->ticks_per_tsc = (uint64_t)MIN(least(o, now), (wide)UINT64_MAX);
}
