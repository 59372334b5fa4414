/* SPDX-License-Identifier: BSD-3-Clause */
/* Arming and expiring. A timer whose last signal is still pending counts an overrun instead of sending another one. */
#include "itimer.h"

#include <core/thread.h>

#include "internal.h"

/* Shorter periods are served so often, and count the rest as overruns. */
#define PERIOD_MIN (100 * NSEC_PER_USEC)

struct spinlock timers_lock = SPINLOCK_INIT("time: timers that send signals");

/* The clock that it runs on. Returns false if that was a thread's that has ended. */
static bool clock_now(const struct itimer *t, uint64_t *now)
{
	if (t->on_cpu)
		return cpu_clock_read(t->whose, now) == 0;
	*now = time_monotonic();
	return true;
}

static void cancel(struct itimer *t)
{
	timer_cancel(&t->timer);
	cpu_timer_cancel(&t->cpu_timer);
}

/* Let it expire at @when on its clock. */
static void run_until(struct itimer *t, uint64_t when)
{
	if (!t->on_cpu) {
		timer_set(&t->timer, when);
		return;
	}
	spin_lock(&threads_lock);
	struct thread *thread = t->whose ? thread_find(t->whose) : NULL;

	if (thread || !t->whose)
		cpu_timer_set(&t->cpu_timer, thread, when);
	spin_unlock(&threads_lock);
}

/* Moves a periodic timer on, and returns how many periods passed. */
static uint64_t next_period(struct itimer *t)
{
	uint64_t now, passed;

	if (!t->interval || !clock_now(t, &now)) {
		t->deadline = 0;
		return 1;
	}
	passed = now > t->deadline ? 1 + (now - t->deadline) / t->interval : 1;
	t->deadline += passed * t->interval;
	run_until(t, MAX(t->deadline, now + PERIOD_MIN));
	return passed;
}

static void expire(struct itimer *t)
{
	spin_lock(&timers_lock);
	uint64_t passed = next_period(t);

	spin_unlock(&timers_lock);
	if (!t->silent)
		signal_send_slot(t->tid, &t->slot, passed);
}

static void timer_expires(struct timer *timer)
{
	expire(container_of(timer, struct itimer, timer));
}

static void cpu_timer_expires(struct cpu_timer *timer)
{
	expire(container_of(timer, struct itimer, cpu_timer));
}

int itimer_clock_error(long clock)
{
	uint64_t now;
	long whose;

	if (clock == CLOCK_REALTIME || clock == CLOCK_MONOTONIC || clock == CLOCK_BOOTTIME || clock == CLOCK_TAI)
		return 0;
	if (clock_read(clock, &now))
		return -EINVAL;
	return clock_is_cpu(clock, &whose) ? 0 : -EOPNOTSUPP;
}

void itimer_init(struct itimer *t, long clock)
{
	timer_init(&t->timer, timer_expires);
	cpu_timer_init(&t->cpu_timer, cpu_timer_expires);
	t->clock = clock;
	t->on_cpu = clock_is_cpu(clock, &t->whose);
}

int itimer_arm(struct itimer *t, uint64_t delay, uint64_t interval)
{
	uint64_t now;

	cancel(t);
	t->deadline = 0;
	t->interval = delay ? interval : 0;
	t->slot.overrun = t->slot.delivered_overrun = 0;
	if (!clock_now(t, &now))
		return -ESRCH;
	if (!delay)
		return 0;
	t->deadline = MIN(now + delay, TIME_MAX);
	if (t->deadline < TIME_MAX)
		run_until(t, t->deadline);
	return 0;
}

void itimer_settings(const struct itimer *t, uint64_t *left, uint64_t *interval)
{
	uint64_t now;

	*left = 0;
	*interval = t->interval;
	/* An armed timer has something left, even when its handler is just about to run. */
	if (t->deadline && clock_now(t, &now))
		*left = t->deadline > now ? t->deadline - now : 1;
}

void itimer_stop(struct itimer *t)
{
	cancel(t);
	t->deadline = 0;
	signal_slot_cancel(&t->slot);
}
