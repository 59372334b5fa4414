/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Event channels against peers that never stop notifying: handlers run a bounded number of times, other ports and virtual interrupts are not held
 * up, pauses grow and end, and the events of a pause arrive as one at its end.
 * sources: plat/xen/event.c plat/xen/brake.c tests/host/stubs/alloc.c tests/host/stubs/sched.c
 */
#include <core/errno.h>
#include <core/log.h>

#include "../../../../plat/xen/brake.h"
#include "../../../../plat/xen/xen.h"
#include "../../host.h"

#define STORM 5
#define QUIET 70
#define VIRQ 9

struct shared_info shared_info;

static uint64_t now = NSEC_PER_SEC;
static struct timer *armed;
static unsigned warnings, runs[EVENT_PORTS];
static bool storming;

uint64_t time_monotonic(void)
{
	return now;
}

void timer_set(struct timer *t, uint64_t deadline)
{
	t->deadline = deadline;
	armed = t;
}

void timer_cancel(struct timer *t)
{
	if (armed == t)
		armed = NULL;
}

void log_printf(enum log_level level __unused, const char *fmt __unused, ...)
{
	warnings++;
}

/* The peer's, and Xen's, end. */
static void raise(uint32_t port)
{
	shared_info.evtchn_pending[port / 64] |= 1ull << (port % 64);
	if (shared_info.evtchn_mask[port / 64] & 1ull << (port % 64))
		return;
	shared_info.vcpu_info[0].evtchn_pending_sel |= 1ull << (port / 64);
	shared_info.vcpu_info[0].evtchn_upcall_pending = 1;
}

long xen_hypercall3(unsigned nr, unsigned long op, unsigned long arg, unsigned long unused __unused)
{
	CHECK_EQ(nr, HYPERCALL_EVENT_CHANNEL_OP);
	if (op == EVTCHNOP_UNMASK) {
		uint32_t port = *(uint32_t *)arg;

		shared_info.evtchn_mask[port / 64] &= ~(1ull << (port % 64));
		raise(port);
	} else if (op == EVTCHNOP_BIND_VIRQ) {
		((uint32_t *)arg)[2] = VIRQ;
	}
	return 0;
}

static void handler(uint32_t port, void *arg)
{
	CHECK(arg == &runs[port]);
	runs[port]++;
	if (port == STORM && storming)
		raise(port);
}

static void start(void)
{
	event_init();
	for (uint32_t p = 0; p < EVENT_PORTS; p++)
		runs[p] = 0;
	CHECK_EQ(xen_event_set_handler(STORM, handler, &runs[STORM]), 0);
	CHECK_EQ(xen_event_set_handler(QUIET, handler, &runs[QUIET]), 0);
	CHECK_EQ(xen_event_bind_virq(0), VIRQ);
	CHECK_EQ(xen_event_set_handler(VIRQ, handler, &runs[VIRQ]), 0);
	warnings = 0;
	storming = true;
}

static void timer_runs(void)
{
	struct timer *t = armed;

	CHECK(t);
	now = MAX(now, t->deadline);
	armed = NULL;
	t->fn(t);
}

/* One call, with a clock that stands still: few runs, and the others' turn comes. */
static void test_one_call(void)
{
	start();
	raise(STORM);
	raise(QUIET);
	raise(VIRQ);
	xen_irq_run_pending();
	CHECK(runs[STORM] <= BRAKE_RUNS_AT_ONCE);
	CHECK_EQ(runs[QUIET], 1);
	CHECK_EQ(runs[VIRQ], 1);
	CHECK(!xen_irq_pending());
	CHECK_EQ(warnings, 1);
	raise(STORM); /* the port is masked */
	CHECK(!xen_irq_pending());
	raise(QUIET);
	xen_irq_run_pending();
	CHECK_EQ(runs[QUIET], 2);
}

/* The pause ends by itself; it doubles while the storm lasts, up to its limit, and nothing more is logged. */
static void test_pauses(void)
{
	uint64_t last = 0;

	for (int i = 0; i < 20; i++) {
		unsigned before = runs[STORM];
		uint64_t begin = now;

		timer_runs();
		CHECK(now - begin <= BRAKE_PAUSE_MAX && now - begin >= MIN(last, BRAKE_PAUSE_MAX));
		last = now - begin;
		CHECK(xen_irq_pending());
		xen_irq_run_pending();
		CHECK(runs[STORM] > before && runs[STORM] - before <= BRAKE_RUNS_AT_ONCE);
	}
	CHECK_EQ(last, BRAKE_PAUSE_MAX);
	CHECK_EQ(warnings, 1);
	storming = false;
	unsigned before = runs[STORM];

	timer_runs();
	xen_irq_run_pending();
	CHECK_EQ(runs[STORM], before + 1); /* the events of the pause, as one */
	CHECK(!armed);
	raise(STORM);
	xen_irq_run_pending();
	CHECK_EQ(runs[STORM], before + 2);
}

/* A peer whose events are one a call, but without end: it is slowed by the clock; one that is slow is not. */
static void test_rate(void)
{
	xen_event_close(STORM);
	start();
	storming = false;
	for (unsigned i = 0; i < 100000; i++) {
		now += 20 * NSEC_PER_USEC;
		raise(STORM);
		xen_irq_run_pending();
	}
	CHECK_EQ(runs[STORM], 100000);
	CHECK(!armed);
	for (unsigned i = 0; i < 10000 && !armed; i++) {
		now += NSEC_PER_USEC;
		raise(STORM);
		xen_irq_run_pending();
	}
	CHECK(armed);
	CHECK(runs[STORM] - 100000 <= 3 * BRAKE_RUNS);
}

/* Masking and unmasking by the port's user is kept apart from the brake's. */
static void test_user_mask(void)
{
	xen_event_close(STORM);
	start();
	raise(STORM);
	xen_irq_run_pending();
	unsigned before = runs[STORM];

	xen_event_mask(STORM);
	xen_event_unmask(STORM); /* does not end the pause */
	xen_irq_run_pending();
	CHECK_EQ(runs[STORM], before);
	xen_event_mask(STORM);
	timer_runs();
	xen_irq_run_pending();
	CHECK_EQ(runs[STORM], before); /* the user's mask outlives the pause */
	xen_event_unmask(STORM);
	xen_irq_run_pending();
	CHECK(runs[STORM] > before);
	xen_event_close(STORM);
	CHECK(!armed);
	xen_irq_run_pending();
}

static void more(uint32_t port, void *arg)
{
	unsigned *left = arg;

	if (*left && --*left)
		xen_event_again(port);
}

/* Work that a handler leaves behind is done soon, and the others' turn comes in between. */
static void test_again(void)
{
	unsigned left = 5;

	start();
	CHECK_EQ(xen_event_set_handler(STORM, more, &left), 0);
	raise(STORM);
	raise(QUIET);
	xen_irq_run_pending();
	CHECK_EQ(left, 0);
	CHECK_EQ(runs[QUIET], 1);
	left = 1000;
	raise(STORM);
	for (int i = 0; left && i < 1000; i++) {
		xen_irq_run_pending();
		if (armed)
			timer_runs();
	}
	CHECK_EQ(left, 0);
}

int main(void)
{
	test_one_call();
	test_pauses();
	test_rate();
	test_user_mask();
	test_again();
	return 0;
}
