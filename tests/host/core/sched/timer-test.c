/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What the platform's timer is set to: the first deadline, however far away it is, and never a moment that is over.
 * sources: core/base/tree.c
 */
#include "../../../../core/sched/timer.c"

#include <core/time.h>

#include "../../host.h"

#define BOOT (1000 * NSEC_PER_SEC) /* the platform's clock when ours begins */
#define HOUR (3600 * NSEC_PER_SEC)

static uint64_t clock = BOOT, wanted;
static unsigned settings, over;
static void (*interrupt)(void);

static uint64_t read_clock(void)
{
	return clock;
}

static void set(uint64_t deadline)
{
	wanted = deadline;
	settings++;
}

static void init(void (*fn)(void))
{
	interrupt = fn;
}

const struct plat_ops plat_ops = { .clock_monotonic = read_clock, .timer_set = set, .timer_init = init };

void preempt_disable(void)
{
}

void preempt_enable(void)
{
}

static void count(struct timer *t __unused)
{
	over++;
}

static struct timer first = TIMER_INIT(first, count), second = TIMER_INIT(second, count);

/* A deadline that is far away costs an interrupt an hour, which is set anew once. */
static void far_away(uint64_t deadline)
{
	unsigned before = settings;

	timer_set(&first, deadline);
	for (int hour = 0; hour < 3; hour++) {
		CHECK(wanted > clock && wanted <= clock + HOUR + 1);
		CHECK_EQ(settings, ++before);
		clock = wanted;
		interrupt();
	}
	CHECK(!over && timer_is_set(&first));
	timer_cancel(&first);
	timer_trim();
	CHECK_EQ(wanted, UINT64_MAX);
}

int main(void)
{
	const uint64_t far[] = { UINT64_MAX - 1, UINT64_MAX - BOOT, UINT64_MAX - BOOT / 2, 1ull << 63, (1ull << 63) - 1,
		                 1ull << 50,     4 * HOUR };

	CHECK_EQ(timers_init(), 0);
	CHECK_EQ(time_monotonic(), 1);
	for (unsigned i = 0; i < sizeof(far) / sizeof(far[0]); i++)
		far_away(far[i] < 5 * HOUR ? time_monotonic() + far[i] : far[i]);

	/* Two: the nearer one's interrupt, then the other's. */
	uint64_t now = time_monotonic();

	timer_set(&second, now + 2 * NSEC_PER_SEC);
	timer_set(&first, now + NSEC_PER_SEC);
	CHECK_EQ(wanted, clock + NSEC_PER_SEC);
	clock = wanted;
	interrupt();
	CHECK_EQ(over, 1);
	CHECK_EQ(wanted, clock + NSEC_PER_SEC);
	/* After a day without any interrupt. */
	timer_cancel(&second);
	timer_trim();
	clock += 24 * HOUR;
	timer_set(&second, time_monotonic() + HOUR / 2);
	CHECK_EQ(wanted, clock + HOUR / 2);
	return 0;
}
