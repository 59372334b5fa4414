/* SPDX-License-Identifier: BSD-3-Clause */
/* The local APIC (Intel SDM volume 3, chapter 11): end of interrupt, and its timer, one-shot or by TSC deadline. */
#include <arch/cpu.h>
#include <arch/io.h>
#include <core/log.h>
#include <core/vmem.h>
#include <plat/irq.h>
#include <plat/plat.h>

#include "kvm.h"
#include "oneshot.h"

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
static struct oneshot oneshot;
static void (*timer_fn)(void);

static void apic_write(unsigned reg, uint32_t v)
{
	apic[reg / 4] = v;
}

void lapic_eoi(void)
{
	apic_write(APIC_EOI, 0);
}

#define PIT_CHANNEL0 0x40
#define PIT_MODE 0x43

/* Firmware leaves the interval timer running, for which a host wakes 36 times a second although nobody is told. It stops after one more turn. */
static void stop_legacy_timer(void)
{
	outb(PIT_MODE, 0x30); /* channel 0, low and high byte, mode 0: once */
	outb(PIT_CHANNEL0, 0);
	outb(PIT_CHANNEL0, 0);
}

static void mask_legacy_pics(void)
{
	outb(0x21, 0xff);
	outb(0xa1, 0xff);
}

void lapic_init(void)
{
	uint64_t base = rdmsr(MSR_APIC_BASE);

	stop_legacy_timer();
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

void lapic_timer_calibrated(uint64_t ticks_per_tsc)
{
	oneshot.ticks_per_tsc = ticks_per_tsc;
}

void kvm_timer_set(uint64_t deadline)
{
	uint64_t tsc = deadline == UINT64_MAX ? 0 : clock_to_tsc(deadline);

	if (deadline_mode)
		wrmsr(MSR_TSC_DEADLINE, tsc);
	else
		apic_write(APIC_TIMER_INITIAL, tsc ? oneshot_ticks(&oneshot, rdtsc(), tsc) : 0);
}

/* An interrupt may also be left over from the time that the timer was set to before. */
static void learn_rate(void)
{
	uint64_t now = rdtsc();

	if (oneshot_is_faster(&oneshot, now) && !apic[APIC_TIMER_CURRENT / 4])
		oneshot_learn(&oneshot, now);
}

static void timer_interrupt(void *arg __unused)
{
	if (!deadline_mode)
		learn_rate();
	clock_correct();
	timer_fn();
}

void kvm_timer_init(void (*fn)(void))
{
	timer_fn = fn;
	irq_set_handler(VECTOR_TIMER, timer_interrupt, NULL);
}
