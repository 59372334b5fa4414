/* SPDX-License-Identifier: BSD-3-Clause */
#include <core/time.h>

#include <core/errno.h>
#include <core/sched.h>
#include <plat/plat.h>

static uint64_t wall_offset; /* wall - monotonic */
static uint64_t paused; /* boot time - monotonic */

uint64_t time_wall(void)
{
	if (!wall_offset)
		wall_offset = plat_clock_wall_at_boot();
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
		wall_offset += ns;
}

void time_sleep_until(uint64_t deadline)
{
	struct waiter w;

	waiter_init(&w);
	while (waiter_sleep(&w, deadline, false) != -ETIMEDOUT)
		;
}
