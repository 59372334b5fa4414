/* SPDX-License-Identifier: BSD-3-Clause */
#include "calibrate.h"

#include <arch/cpu.h>
#include <arch/io.h>
#include <core/init.h>
#include <core/log.h>

#include "kvm.h"
#include "rate.h"

#define PIT_HZ 1193182u
#define PIT_MASK 0xffffu
#define PIT_CHANNEL2 0x42
#define PIT_MODE 0x43
#define PIT_GATE 0x61
#define PIT_LATCH_CHANNEL2 0x80
#define PM_TIMER_HZ 3579545u
#define PM_TIMER_MASK 0xffffffu

#define HYPERVISOR_LEAF 0x40000000u
#define HYPERVISOR_TIMING_LEAF 0x40000010u
#define CRYSTAL_LEAF 0x15u

/* Good enough to start with; calibrate_again() goes on to BEST_PPM. */
#define FIRST_PPM 500
#define BEST_PPM 3
#define LAPIC_PPM 20000 /* the first wait that ends tells more */
#define LAPIC_UNIT 1000000u /* ticks, for which those of the time-stamp counter are measured */
#define READINGS_MAX 200000u /* a second or so: then what is known must do */

/* How many ticks of a counter that is slower than any fit between two readings of a reference before it wraps. */
#define SLOWEST_HZ 500000000ull
#define gap_max(mask, hz) ((mask)*SLOWEST_HZ / (hz))

static struct rate tsc_rate;
static uint64_t uncertainty; /* of what was returned last, in Hz */
static uint32_t (*read_reference)(void);
static uint64_t found_hz;
static const char *found_by;

static uint16_t pm_timer;

static uint32_t read_pm_timer(void)
{
	return inl(pm_timer);
}

/* It counts down. */
static uint32_t read_pit(void)
{
	outb(PIT_MODE, PIT_LATCH_CHANNEL2);
	uint32_t low = inb(PIT_CHANNEL2);

	return 0xffff - (low | (uint32_t)inb(PIT_CHANNEL2) << 8);
}

static void start_pit(void)
{
	outb(PIT_GATE, (inb(PIT_GATE) & ~2) | 1);
	outb(PIT_MODE, 0xb4); /* channel 2, low and high byte, mode 2: from 65536 down, again and again */
	outb(PIT_CHANNEL2, 0);
	outb(PIT_CHANNEL2, 0);
}

/* The wanted accuracy, or what can be had. In place, with @read in its loop: the fewer instructions that has, the sooner it is accurate. */
static __always_inline void measure_with(struct rate *r, uint32_t (*read)(void), unsigned ppm)
{
	for (unsigned left = READINGS_MAX; left && !rate_is_within(r, ppm);) {
		struct rate_sample s = rate_wait(r, read, rdtsc, &left);

		rate_add(r, &s);
	}
}

/* The same for references that take longer to read. */
static __attribute__((noinline)) void measure(struct rate *r, uint32_t (*read)(void), unsigned ppm)
{
	measure_with(r, read, ppm);
}

static uint64_t measure_tsc(void)
{
	pm_timer = acpi_pm_timer();
	if (pm_timer) {
		read_reference = read_pm_timer;
		tsc_rate = (struct rate){ .mask = PM_TIMER_MASK,
			                  .reference_hz = PM_TIMER_HZ,
			                  .gap_max = gap_max(PM_TIMER_MASK, PM_TIMER_HZ) };
		measure_with(&tsc_rate, read_pm_timer, FIRST_PPM);
	} else {
		start_pit();
		read_reference = read_pit;
		tsc_rate = (struct rate){ .mask = PIT_MASK, .reference_hz = PIT_HZ, .gap_max = gap_max(PIT_MASK, PIT_HZ) };
		measure(&tsc_rate, read_pit, FIRST_PPM);
	}
	if (!rate_is_within(&tsc_rate, FIRST_PPM))
		pr_warn("clock: the rate is known to lie between %lu and %lu Hz", tsc_rate.lo, tsc_rate.hi);
	uncertainty = tsc_rate.hi - tsc_rate.lo;
	return rate_hz(&tsc_rate);
}

static bool timing_leaf(struct cpuid *leaf)
{
	if (!(cpuid(1, 0).ecx & CPUID1_ECX_HYPERVISOR) || cpuid(HYPERVISOR_LEAF, 0).eax < HYPERVISOR_TIMING_LEAF)
		return false;
	*leaf = cpuid(HYPERVISOR_TIMING_LEAF, 0);
	return true;
}

static uint64_t hypervisor_tsc_hz(void)
{
	struct cpuid leaf;

	return timing_leaf(&leaf) ? leaf.eax * 1000ull : 0;
}

/* Numerator, denominator and the crystal's rate, all three or nothing. */
static uint64_t processor_tsc_hz(void)
{
	if (cpuid(0, 0).eax < CRYSTAL_LEAF)
		return 0;
	struct cpuid leaf = cpuid(CRYSTAL_LEAF, 0);

	return leaf.eax ? (uint64_t)leaf.ecx * leaf.ebx / leaf.eax : 0;
}

uint64_t calibrate_tsc(bool *exact)
{
	static const struct {
		const char *name;
		uint64_t (*hz)(void);
		bool exact;
	} sources[] = {
		{ "the hypervisor", hypervisor_tsc_hz, true },
		{ "kvmclock", kvmclock_tsc_hz, true },
		{ "the processor", processor_tsc_hz, true },
		{ "a measurement", measure_tsc, false },
	};

	for (unsigned i = 0; i < ARRAY_SIZE(sources); i++) {
		uint64_t hz = sources[i].hz();

		if (!hz)
			continue;
		*exact = sources[i].exact;
		found_hz = hz;
		found_by = sources[i].name;
		return hz;
	}
	return 0;
}

/* Here, because the clock is there before the log level is known. */
static int clock_report_init(void)
{
	pr_info("clock: %lu Hz by %s", found_hz, found_by);
	return 0;
}
INITCALL(INIT_SERVICES, clock_report_init);

uint64_t calibrate_again(void)
{
	struct rate_sample s = { .before = rdtsc() };

	if (rate_is_within(&tsc_rate, BEST_PPM))
		return 0;
	s.reference = read_reference();
	s.after = rdtsc();
	rate_add(&tsc_rate, &s);
	if (!rate_is_within(&tsc_rate, FIRST_PPM) || tsc_rate.hi - tsc_rate.lo > uncertainty / 2)
		return 0;
	uncertainty = tsc_rate.hi - tsc_rate.lo;
	return rate_hz(&tsc_rate);
}

uint64_t calibrate_lapic(void)
{
	struct cpuid leaf;
	struct rate r = { .mask = UINT32_MAX, .reference_hz = LAPIC_UNIT, .gap_max = UINT32_MAX / 4 };

	if (timing_leaf(&leaf) && leaf.eax && leaf.ebx)
		return ((uint64_t)leaf.ebx << 32) / leaf.eax;
	lapic_timer_start_counting();
	measure(&r, lapic_timer_counted, LAPIC_PPM);
	lapic_timer_stop_counting();
	return r.hi ? ((uint64_t)LAPIC_UNIT << 32) / r.hi : 0;
}
