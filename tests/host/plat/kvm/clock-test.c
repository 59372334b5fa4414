/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A boot measures what it needs and nothing else: the local timer's rate is not looked for where the timer is set in ticks of the time-stamp
 * counter. And the clock counts with the rate that it was given.
 * sources: plat/kvm/clock.c
 */
#include <core/log.h>

#include "../../../../plat/kvm/calibrate.h"
#include "../../../../plat/kvm/kvm.h"
#include "../../host.h"

#define TSC_HZ 2500000000ull
#define TICKS_PER_TSC (1ull << 30)

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
	return 0;
}
