/* SPDX-License-Identifier: BSD-3-Clause */
#include <core/timer.h>

#include <core/init.h>
#include <core/sched.h>
#include <plat/plat.h>

static struct list timers = LIST_INIT(timers); /* by deadline */
static uint64_t programmed = UINT64_MAX;
static uint64_t boot_clock;

uint64_t time_monotonic(void)
{
	if (unlikely(!boot_clock))
		boot_clock = plat_clock_monotonic() - 1;
	return plat_clock_monotonic() - boot_clock;
}

static void program(void)
{
	uint64_t next = list_empty(&timers) ? UINT64_MAX : list_first(&timers, struct timer, link)->deadline;

	/* A timer interrupt that comes early is harmless, so a cancelled first timer costs nothing here. */
	if (next < programmed) {
		programmed = next;
		plat_timer_set(next + boot_clock);
	}
}

/* The platform's timer interrupt. */
static void expire(void)
{
	uint64_t now = time_monotonic();

	programmed = UINT64_MAX;
	while (!list_empty(&timers)) {
		struct timer *t = list_first(&timers, struct timer, link);

		if (t->deadline > now)
			break;
		list_del(&t->link);
		t->fn(t);
	}
	program();
}

void timer_init(struct timer *t, void (*fn)(struct timer *t))
{
	list_init(&t->link);
	t->fn = fn;
	t->deadline = 0;
}

void timer_set(struct timer *t, uint64_t deadline)
{
	struct timer *at;

	preempt_disable();
	if (t->link.next)
		list_del(&t->link);
	t->deadline = deadline;
	list_for_each(at, &timers, link)
		if (at->deadline > deadline)
			break;
	list_add_before(&at->link, &t->link);
	program();
	preempt_enable();
}

void timer_cancel(struct timer *t)
{
	preempt_disable();
	if (t->link.next)
		list_del(&t->link);
	preempt_enable();
}

static int timers_init(void)
{
	plat_timer_init(expire);
	return 0;
}
INITCALL(INIT_SERVICES, timers_init);
