/* SPDX-License-Identifier: BSD-3-Clause */
#include <core/time.h>

#include <core/errno.h>
#include <core/log.h>
#include <core/sched.h>
#include <plat/plat.h>

static uint64_t wall_offset; /* wall - monotonic */
static uint64_t paused; /* boot time - monotonic */

/* What cannot be is 1970, as on Linux: a clock beyond TIME_MAX would be behind all times that programs pass. */
static uint64_t wall_at_boot(void)
{
	uint64_t ns = plat_clock_wall_at_boot();

	if (ns && ns < WALL_END)
		return ns;
	pr_warn("clock: the time of day is none that a clock can show: it begins in 1970");
	return NSEC_PER_SEC; /* 0 is no offset yet, and programs take a 0 in seconds for none */
}

uint64_t time_wall(void)
{
	if (unlikely(!wall_offset))
		wall_offset = wall_at_boot();
	return wall_offset + time_monotonic();
}

int time_set_wall(uint64_t ns)
{
	const uint64_t now = time_monotonic();

	if (ns <= now || ns >= WALL_END)
		return -EINVAL;
	wall_offset = ns - now;
	return 0;
}

uint64_t time_boot(void)
{
	return paused + time_monotonic();
}

void time_paused(uint64_t ns)
{
	paused += ns;
	if (wall_offset)
		wall_offset += MIN(ns, WALL_END - wall_offset);
}

void time_sleep_until(uint64_t deadline)
{
	struct waiter w;

	waiter_init(&w);
	while (waiter_sleep(&w, deadline, false) != -ETIMEDOUT)
		;
}
