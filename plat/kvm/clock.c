/* SPDX-License-Identifier: BSD-3-Clause */
/* The time-stamp counter as the clock. Its rate comes from the hypervisor; else it is measured against the PIT. */
#include <arch/cpu.h>
#include <arch/io.h>
#include <core/log.h>
#include <plat/plat.h>

#include "kvm.h"

#define PIT_HZ 1193182u
#define PIT_CHANNEL2 0x42
#define PIT_MODE 0x43
#define PIT_GATE 0x61
#define CALIBRATION_TICKS (PIT_HZ / 100) /* 10 ms */
#define CALIBRATIONS 5 /* of the LAPIC's timer against the time-stamp counter */
#define CALIBRATIONS_PER_SECOND 1000

#define HYPERVISOR_LEAF 0x40000000u
#define HYPERVISOR_TIMING_LEAF 0x40000010u

static uint64_t tsc_start;
static uint64_t ns_per_tsc; /* 32.32 fixed point */
static uint64_t tsc_per_ns; /* 32.32 fixed point */

uint64_t plat_clock_monotonic(void)
{
	return ((unsigned __int128)(rdtsc() - tsc_start) * ns_per_tsc) >> 32;
}

uint64_t clock_to_tsc(uint64_t ns)
{
	return tsc_start + (uint64_t)(((unsigned __int128)ns * tsc_per_ns) >> 32);
}

static bool rates_from_cpuid(uint64_t *tsc_hz, uint64_t *apic_hz)
{
	struct cpuid leaf;

	if (!(cpuid(1, 0).ecx & CPUID1_ECX_HYPERVISOR) || cpuid(HYPERVISOR_LEAF, 0).eax < HYPERVISOR_TIMING_LEAF)
		return false;
	leaf = cpuid(HYPERVISOR_TIMING_LEAF, 0);
	if (!leaf.eax || !leaf.ebx)
		return false;
	*tsc_hz = leaf.eax * 1000ull;
	*apic_hz = leaf.ebx * 1000ull;
	return true;
}

static void measure_rates(uint64_t *tsc_hz, uint64_t *apic_hz)
{
	uint8_t gate = (inb(PIT_GATE) & ~2) | 1;

	outb(PIT_GATE, gate & ~1);
	outb(PIT_MODE, 0xb0); /* channel 2, low and high byte, mode 0 */
	outb(PIT_CHANNEL2, CALIBRATION_TICKS & 0xff);
	outb(PIT_CHANNEL2, CALIBRATION_TICKS >> 8);
	outb(PIT_GATE, gate);
	lapic_timer_start_counting();
	uint64_t start = rdtsc();

	while (!(inb(PIT_GATE) & 0x20))
		;
	uint64_t tsc = rdtsc() - start;
	uint64_t apic = lapic_timer_counted();

	*tsc_hz = tsc * PIT_HZ / CALIBRATION_TICKS;
	*apic_hz = apic * PIT_HZ / CALIBRATION_TICKS;
}

static uint64_t measure_lapic_once(uint64_t tsc_hz)
{
	uint64_t passed, start;

	lapic_timer_start_counting();
	start = rdtsc();
	do
		passed = rdtsc() - start;
	while (passed < tsc_hz / CALIBRATIONS_PER_SECOND);
	return (unsigned __int128)lapic_timer_counted() * tsc_hz / passed;
}

/* A host that takes the CPU away at the wrong moment makes the rate seem higher, never lower. */
static uint64_t measure_lapic(uint64_t tsc_hz)
{
	uint64_t hz = UINT64_MAX;

	for (int i = 0; i < CALIBRATIONS; i++)
		hz = MIN(hz, measure_lapic_once(tsc_hz));
	return hz;
}

static void find_rates(uint64_t *tsc_hz, uint64_t *apic_hz)
{
	if (rates_from_cpuid(tsc_hz, apic_hz))
		return;
	*tsc_hz = kvmclock_tsc_hz();
	if (*tsc_hz)
		*apic_hz = measure_lapic(*tsc_hz);
	else
		measure_rates(tsc_hz, apic_hz);
}

void clock_init(void)
{
	uint64_t tsc_hz, apic_hz;

	find_rates(&tsc_hz, &apic_hz);
	if (!tsc_hz)
		panic("the time-stamp counter stands still");
	tsc_start = rdtsc();
	ns_per_tsc = (NSEC_PER_SEC << 32) / tsc_hz;
	tsc_per_ns = ((tsc_hz / NSEC_PER_SEC) << 32) + ((tsc_hz % NSEC_PER_SEC) << 32) / NSEC_PER_SEC;
	lapic_timer_calibrated(apic_hz);
}
