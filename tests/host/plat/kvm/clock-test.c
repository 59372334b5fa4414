/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A boot measures what it needs and nothing else: the local timer's rate is not looked for where the timer is set in ticks of the time-stamp
 * counter. And the clock counts with the rate that it was given, on from where it was when the counter steps back.
 */
#include <arch/cpu.h>
#include <core/log.h>

static uint64_t counter = 1ull << 40;

static uint64_t counted(void)
{
	return counter;
}
#define rdtsc counted
#include "../../../../plat/kvm/clock.c"
#undef rdtsc

#include "../../../../plat/kvm/calibrate.h"
#include "../../../../plat/kvm/kvm.h"
#include "../../host.h"

#define TSC_HZ 2500000000ull
#define TICKS_PER_TSC (1ull << 30)
#define ROUNDING 16 /* ticks */

static bool needs_rate;
static unsigned tsc_asked, timer_measured;
static uint64_t timer_rate;

uint64_t calibrate_tsc(bool *exact)
{
	tsc_asked++;
	*exact = true;
	return TSC_HZ;
}

uint64_t calibrate_lapic(void)
{
	CHECK(tsc_asked);
	timer_measured++;
	return TICKS_PER_TSC;
}

uint64_t calibrate_again(void)
{
	abort(); /* an exact rate does not get better */
}

bool lapic_timer_needs_rate(void)
{
	return needs_rate;
}

void lapic_timer_calibrated(uint64_t ticks_per_tsc)
{
	timer_rate = ticks_per_tsc;
}

void log_printf(enum log_level level __unused, const char *fmt __unused, ...)
{
}

void panic(const char *fmt __unused, ...)
{
	abort();
}

static void test_steps_back(void)
{
	const uint64_t steps[] = { 1, TSC_HZ, UINT64_MAX };
	uint64_t before = kvm_clock_monotonic();

	for (size_t i = 0; i < ARRAY_SIZE(steps); i++) {
		counter -= MIN(counter, steps[i]);
		uint64_t after = kvm_clock_monotonic();

		CHECK_EQ(after, before); /* it stands still */
		CHECK_EQ(kvm_clock_monotonic(), before);
		CHECK(clock_to_tsc(after) - counter + ROUNDING <= 2 * ROUNDING); /* a timer is set by the counter as it is */
		counter += TSC_HZ;
		after = kvm_clock_monotonic();
		CHECK(after - before - NSEC_PER_SEC + 2 <= 4); /* and goes on from there */
		before = after;
	}
}

int main(void)
{
	clock_init();
	CHECK_EQ(tsc_asked, 1);
	CHECK_EQ(timer_measured, 0);
	CHECK_EQ(timer_rate, 0);

	needs_rate = true;
	clock_init();
	CHECK_EQ(timer_measured, 1);
	CHECK_EQ(timer_rate, TICKS_PER_TSC);

	uint64_t ns = kvm_clock_monotonic() + NSEC_PER_SEC;

	CHECK(clock_to_tsc(ns + NSEC_PER_SEC) - clock_to_tsc(ns) - TSC_HZ + 1 <= 2); /* rounding */
	clock_correct();
	test_steps_back();
	return 0;
}
