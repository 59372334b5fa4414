/* SPDX-License-Identifier: BSD-3-Clause */
/* Xen's clock: the time-stamp counter scaled as the shared page says; and its one-shot timer. */
#include <arch/cpu.h>
#include <core/log.h>
#include <core/time.h>
#include <plat/monotonic.h>
#include <plat/plat.h>

#include "xen.h"

static void (*timer_fn)(void);
/* Our clock is Xen's and this: it stands still while the domain is suspended, and knows nothing of another Xen's. */
static uint64_t skew;
static uint64_t stopped_at, stopped_wall;

static uint64_t read_clock(void)
{
	const struct pvclock *t = &this_vcpu()->time;
	uint64_t base, delta;
	uint32_t version, mul;
	int shift;

	do {
		version = READ_ONCE(t->version);
		barrier();
		base = READ_ONCE(t->system_time);
		mul = READ_ONCE(t->tsc_to_system_mul);
		shift = READ_ONCE(t->tsc_shift);
		delta = rdtsc() - READ_ONCE(t->tsc_timestamp);
		barrier();
	} while (version & 1 || version != READ_ONCE(t->version));
	if ((int64_t)delta < 0)
		delta = 0;
	delta = shift < 0 ? delta >> -shift : delta << shift;
	return base + (uint64_t)(((unsigned __int128)delta * mul) >> 32);
}

uint64_t xen_clock_monotonic(void)
{
	static uint64_t last;

	return monotonic(&last, read_clock() + skew);
}

uint64_t xen_clock_wall_at_boot(void)
{
	uint64_t sec, nsec;
	uint32_t version;

	do {
		version = READ_ONCE(shared_info.wc_version);
		barrier();
		sec = (uint64_t)READ_ONCE(shared_info.wc_sec_hi) << 32 | READ_ONCE(shared_info.wc_sec);
		nsec = READ_ONCE(shared_info.wc_nsec);
		barrier();
	} while (version & 1 || version != READ_ONCE(shared_info.wc_version));
	return sec * NSEC_PER_SEC + nsec + read_clock();
}

void xen_timer_set(uint64_t deadline)
{
	/* Xen's clock may be older than ours, and what is over since before its beginning is negative in it. */
	int64_t at = MAX((int64_t)(deadline - skew), (int64_t)1);

	xen_hypercall3(HYPERCALL_SET_TIMER_OP, deadline == UINT64_MAX ? 0 : (unsigned long)at, 0, 0);
}

static void timer_event(uint32_t port __unused, void *arg __unused)
{
	timer_look();
}

void xen_timer_init(void (*fn)(void))
{
	timer_fn = fn;
}

void clock_init(void)
{
	int port = xen_event_bind_virq(VIRQ_TIMER);

	if (port < 0 || xen_event_set_handler(port, timer_event, NULL))
		panic("timer: Xen gives no event channel for it: errno %d", -port);
}

void timer_look(void)
{
	if (timer_fn)
		timer_fn();
}

void clock_suspend(void)
{
	stopped_at = xen_clock_monotonic();
	stopped_wall = xen_clock_wall_at_boot();
}

/* How long it was only the wall clock tells: Xen's own clock may be another one's. */
void clock_resume(bool cancelled)
{
	int64_t pause = (int64_t)(xen_clock_wall_at_boot() - stopped_wall);

	skew = stopped_at - read_clock();
	time_paused(MAX(pause, (int64_t)0));
	if (!cancelled)
		clock_init();
}
