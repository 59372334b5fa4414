/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The time-stamp counter as the clock. A rate that had to be measured gets better while the machine runs: each better one begins where the one
 * before has come to, so that time neither jumps nor goes back.
 */
#include <arch/cpu.h>
#include <core/log.h>
#include <plat/plat.h>

#include "calibrate.h"
#include "kvm.h"

#define AGAIN_TIME (250 * NSEC_PER_MSEC)

/* Of which each is half as uncertain as the one before: they do not get used up. A reader that was interrupted may still hold an old one. */
#define SCALES_MAX 32

struct scale {
	uint64_t tsc, ns; /* where it begins */
	uint64_t ns_per_tsc, tsc_per_ns; /* 32.32 fixed point */
};

static struct scale scales[SCALES_MAX];
static const struct scale *scale = scales; /* at first all zero, which gives no time but the beginning */
static bool exact;
static uint64_t last_tsc, again_at;
static uint64_t tsc_lost; /* by steps back */

/*
 * A counter that steps back, as one does that a host resets, goes on from where it was. Interrupt handlers come here too: the last value is
 * read first, so that it never is from a later moment than the counter's.
 */
static uint64_t read_tsc(void)
{
	uint64_t last = READ_ONCE(last_tsc), lost = READ_ONCE(tsc_lost);

	barrier();
	uint64_t now = rdtsc() + lost;

	if (unlikely((int64_t)(now - last) < 0)) {
		if (READ_ONCE(tsc_lost) == lost)
			WRITE_ONCE(tsc_lost, lost + (last - now));
		now = last;
	}
	WRITE_ONCE(last_tsc, now);
	return now;
}

uint64_t kvm_clock_monotonic(void)
{
	const struct scale *s = READ_ONCE(scale);
	uint64_t now = read_tsc();

	if (unlikely(now < s->tsc))
		return s->ns;
	return s->ns + (uint64_t)(((unsigned __int128)(now - s->tsc) * s->ns_per_tsc) >> 32);
}

uint64_t clock_to_tsc(uint64_t ns)
{
	const struct scale *s = READ_ONCE(scale);
	uint64_t ahead = ns > s->ns ? ns - s->ns : 0;

	return s->tsc + (uint64_t)(((unsigned __int128)ahead * s->tsc_per_ns) >> 32) - READ_ONCE(tsc_lost);
}

static void begin_scale(unsigned i, uint64_t tsc, uint64_t ns, uint64_t hz)
{
	scales[i] = (struct scale){
		.tsc = tsc,
		.ns = ns,
		.ns_per_tsc = (NSEC_PER_SEC << 32) / hz,
		.tsc_per_ns = ((hz / NSEC_PER_SEC) << 32) + ((hz % NSEC_PER_SEC) << 32) / NSEC_PER_SEC,
	};
	barrier();
	WRITE_ONCE(scale, &scales[i]);
}

void clock_correct(void)
{
	uint64_t now = kvm_clock_monotonic();

	if (exact || now < again_at)
		return;
	again_at = now + AGAIN_TIME;
	uint64_t hz = calibrate_again();
	unsigned next = scale - scales + 1;

	if (!hz || next == SCALES_MAX)
		return;
	uint64_t tsc = read_tsc(),
		 ns = scale->ns + (uint64_t)(((unsigned __int128)(tsc - scale->tsc) * scale->ns_per_tsc) >> 32);

	begin_scale(next, tsc, ns, hz);
	pr_debug("clock: corrected to %lu Hz", hz);
}

void clock_init(void)
{
	uint64_t tsc_hz = calibrate_tsc(&exact);

	if (!tsc_hz)
		panic("the time-stamp counter, or what it is measured by, stands still");
	begin_scale(0, rdtsc(), 0, tsc_hz);
	if (!lapic_timer_needs_rate())
		return;
	uint64_t ticks = calibrate_lapic();

	if (!ticks)
		panic("the local APIC's timer stands still");
	lapic_timer_calibrated(ticks);
}
