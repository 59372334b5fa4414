/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The clock never goes back, whatever the hypervisor writes into its page, and stands still while the domain is suspended.
 * sources: plat/xen/clock.c
 */
#include <core/log.h>

#include "../../../../plat/xen/xen.h"
#include "../../host.h"

#define ROUNDS 100000

struct shared_info shared_info;

static unsigned long timer; /* as Xen was told */

long xen_hypercall3(unsigned nr, unsigned long a1, unsigned long a2 __unused, unsigned long a3 __unused)
{
	if (nr == HYPERCALL_SET_TIMER_OP)
		timer = a1;
	return 0;
}

int xen_event_bind_virq(unsigned virq __unused)
{
	return 1;
}

int xen_event_set_handler(uint32_t port __unused, void (*fn)(uint32_t port, void *arg) __unused, void *arg __unused)
{
	return 0;
}

static uint64_t paused;

void time_paused(uint64_t ns)
{
	paused += ns;
}

void panic(const char *fmt __unused, ...)
{
	abort();
}

static void set(uint64_t system_time, uint32_t mul, int shift)
{
	struct pvclock *t = &shared_info.vcpu_info[0].time;

	t->system_time = system_time;
	t->tsc_to_system_mul = mul;
	t->tsc_shift = shift;
	t->tsc_timestamp = __builtin_ia32_rdtsc();
}

/* @xen: its clock before and after; @wall: its wall clock, less that. */
static void suspend(uint64_t xen_before, uint64_t wall_before, uint64_t xen_after, uint64_t wall_after)
{
	uint64_t expected = xen_after + wall_after - xen_before - wall_before;

	set(xen_before, 0, 0);
	shared_info.wc_sec = wall_before / NSEC_PER_SEC;
	shared_info.wc_nsec = wall_before % NSEC_PER_SEC;
	uint64_t now = xen_clock_monotonic();

	clock_suspend();
	set(xen_after, 0, 0);
	shared_info.wc_sec = wall_after / NSEC_PER_SEC;
	shared_info.wc_nsec = wall_after % NSEC_PER_SEC;
	paused = 0;
	clock_resume(true);
	CHECK_EQ(xen_clock_monotonic(), now);
	CHECK_EQ(paused, (int64_t)expected > 0 ? expected : 0);
	xen_timer_set(now + 100);
	CHECK_EQ(timer, xen_after + 100);
	xen_timer_set(0); /* long over */
	CHECK(timer >= 1 && timer <= xen_after);
	xen_timer_set(UINT64_MAX);
	CHECK_EQ(timer, 0);
}

static void suspensions(void)
{
	const uint64_t s = NSEC_PER_SEC;

	suspend(4000 * s, 1000 * s, 4010 * s, 1000 * s); /* the same Xen */
	suspend(4020 * s, 1000 * s, 3 * s, 6000 * s); /* one that started later */
	suspend(5 * s, 6000 * s, 900000 * s, 6000 * s); /* one that has run for long */
	suspend(900001 * s, 6000 * s, 900002 * s, 5000 * s); /* the wall clock was set back */
}

int main(void)
{
	uint64_t last;

	set(5000, 0, 0);
	CHECK_EQ(xen_clock_monotonic(), 5000);
	set(4000, 0, 0);
	CHECK_EQ(xen_clock_monotonic(), 5000);
	set(5001, 0, 0);
	CHECK_EQ(xen_clock_monotonic(), 5001);
	last = xen_clock_monotonic();
	for (unsigned i = 0; i < ROUNDS; i++) {
		if (i % 7 == 0)
			set(last + (unsigned)rand() % 2000 - 1000, (unsigned)rand(), rand() % 3 - 1);
		uint64_t now = xen_clock_monotonic();

		CHECK(now >= last);
		last = now;
	}
	suspensions();
	return 0;
}
