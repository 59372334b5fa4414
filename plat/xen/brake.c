/* SPDX-License-Identifier: BSD-3-Clause */
#include "brake.h"

#include <core/log.h>

static void pause_over(struct timer *t)
{
	struct brake *b = container_of(t, struct brake, timer);

	b->on = false;
	brake_ended(b);
}

/* A storm that goes on right after a pause gets a longer one. */
static void begin(struct brake *b)
{
	uint64_t now = time_monotonic();
	bool again = b->until && now < b->until + 2 * b->pause;

	b->pause = again ? MIN(2 * b->pause, BRAKE_PAUSE_MAX) : BRAKE_PAUSE_MIN;
	b->until = now + b->pause;
	b->on = true;
	if (!b->told)
		pr_warn("event channel %u: more events than can be handled; it is looked at less often", b->port);
	b->told = true;
	b->timer.fn = pause_over;
	timer_set(&b->timer, b->until);
}

static bool is_storm(struct brake *b, uint32_t call)
{
	if (b->call != call) {
		b->call = call;
		b->runs_at_once = 0;
	}
	if (++b->runs_at_once >= BRAKE_RUNS_AT_ONCE)
		return true;
	if (++b->runs < BRAKE_RUNS)
		return false;
	uint64_t now = time_monotonic();
	bool storm = b->since && now - b->since < BRAKE_WINDOW;

	b->since = now;
	b->runs = 0;
	return storm;
}

bool brake_count(struct brake *b, uint32_t port, uint32_t call)
{
	b->port = port;
	if (b->on || !is_storm(b, call))
		return b->on;
	begin(b);
	return true;
}

void brake_reset(struct brake *b)
{
	timer_cancel(&b->timer);
	*b = (struct brake){ .call = b->call };
}
