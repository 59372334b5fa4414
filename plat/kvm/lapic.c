/* SPDX-License-Identifier: BSD-3-Clause */
/* The local APIC (Intel SDM volume 3, chapter 11): end of interrupt, and its timer, one-shot or by TSC deadline. */
#include <arch/cpu.h>
#include <arch/io.h>
#include <core/log.h>
#include <core/vmem.h>
#include <plat/irq.h>
#include <plat/plat.h>

#include "kvm.h"

#define APIC_EOI 0x0b0
#define APIC_SPURIOUS 0x0f0
#define APIC_LVT_TIMER 0x320
#define APIC_LVT_LINT0 0x350
#define APIC_LVT_LINT1 0x360
#define APIC_LVT_ERROR 0x370
#define APIC_TIMER_INITIAL 0x380
#define APIC_TIMER_CURRENT 0x390
#define APIC_TIMER_DIVIDE 0x3e0

#define LVT_MASKED 0x10000u
#define LVT_TSC_DEADLINE 0x40000u
#define DIVIDE_BY_1 0xbu

static volatile uint32_t *apic;
static bool deadline_mode;
static uint64_t timer_hz;
static void (*timer_fn)(void);

static void apic_write(unsigned reg, uint32_t v)
{
	apic[reg / 4] = v;
}

void lapic_eoi(void)
{
	apic_write(APIC_EOI, 0);
}

static void mask_legacy_pics(void)
{
	outb(0x21, 0xff);
	outb(0xa1, 0xff);
}

void lapic_init(void)
{
	uint64_t base = rdmsr(MSR_APIC_BASE);

	mask_legacy_pics();
	wrmsr(MSR_APIC_BASE, base | 0x800);
	apic = vmem_map_device(base & 0xffffff000, PAGE_SIZE);
	if (!apic)
		panic("local APIC: no room to map it");
	deadline_mode = cpuid(1, 0).ecx & CPUID1_ECX_TSC_DEADLINE;
	apic_write(APIC_LVT_LINT0, LVT_MASKED);
	apic_write(APIC_LVT_LINT1, LVT_MASKED);
	apic_write(APIC_LVT_ERROR, LVT_MASKED);
	apic_write(APIC_TIMER_DIVIDE, DIVIDE_BY_1);
	apic_write(APIC_LVT_TIMER, VECTOR_TIMER | (deadline_mode ? LVT_TSC_DEADLINE : 0));
	apic_write(APIC_SPURIOUS, 0x100 | VECTOR_SPURIOUS);
}

void lapic_timer_start_counting(void)
{
	apic_write(APIC_LVT_TIMER, VECTOR_TIMER | LVT_MASKED);
	apic_write(APIC_TIMER_INITIAL, UINT32_MAX); /* from which it counts down */
}

uint32_t lapic_timer_counted(void)
{
	return UINT32_MAX - apic[APIC_TIMER_CURRENT / 4];
}

void lapic_timer_stop_counting(void)
{
	apic_write(APIC_TIMER_INITIAL, 0);
	apic_write(APIC_LVT_TIMER, VECTOR_TIMER);
}

bool lapic_timer_needs_rate(void)
{
	return !deadline_mode;
}

void lapic_timer_calibrated(uint64_t hz)
{
	timer_hz = hz;
}

void kvm_timer_set(uint64_t deadline)
{
	if (deadline_mode) {
		wrmsr(MSR_TSC_DEADLINE, deadline == UINT64_MAX ? 0 : clock_to_tsc(deadline));
		return;
	}
	uint64_t now = kvm_clock_monotonic();
	uint64_t wait = deadline > now ? deadline - now : 0;

	/* Longer waits end early, and the timer code asks again. */
	wait = MIN(wait, NSEC_PER_SEC);
	uint64_t ticks = wait * timer_hz / NSEC_PER_SEC;

	apic_write(APIC_TIMER_INITIAL, deadline == UINT64_MAX ? 0 : MAX(1, MIN(ticks, (uint64_t)UINT32_MAX)));
}

static void timer_interrupt(void *arg __unused)
{
	clock_correct();
	timer_fn();
}

void kvm_timer_init(void (*fn)(void))
{
	timer_fn = fn;
	irq_set_handler(VECTOR_TIMER, timer_interrupt, NULL);
}
