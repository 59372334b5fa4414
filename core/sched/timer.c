/* SPDX-License-Identifier: BSD-3-Clause */
#include <core/timer.h>

#include <core/init.h>
#include <core/sched.h>
#include <plat/plat.h>

#define BATCH 64 /* timers in one interrupt */
/*
 * From now to the hardware's next interrupt. Who waits longer is looked at then, and the platforms' clocks, their rates and hypervisors never see
 * the sums that do not fit 64 bits, nor what they take for a time long past.
 */
#define FURTHEST (3600 * NSEC_PER_SEC)

static bool ends_before(const struct tree_node *a, const struct tree_node *b)
{
	return tree_entry(a, const struct timer, node)->deadline < tree_entry(b, const struct timer, node)->deadline;
}

static struct tree timers = TREE_INIT(ends_before, NULL);
static uint64_t programmed = UINT64_MAX;
static uint64_t boot_clock; /* when time_monotonic() was first called, less one */
static uint64_t last_time; /* that was told */

/* Apart, as what happens once or never. Returns the first time, or the last one again. */
static __attribute__((__noinline__)) uint64_t odd_time(uint64_t now)
{
	if (boot_clock)
		return last_time;
	boot_clock = now - 1;
	last_time = 1;
	return 1;
}

uint64_t time_monotonic(void)
{
	uint64_t clock = plat_clock_monotonic(), now = clock - boot_clock;

	/* A hypervisor's clock may step back a little; sums of differences would turn huge. */
	if (unlikely(!boot_clock) || unlikely((int64_t)(now - last_time) < 0))
		return odd_time(clock);
	last_time = now;
	return now;
}

static struct timer *first_timer(void)
{
	struct tree_node *n = tree_first(&timers);

	return n ? tree_entry(n, struct timer, node) : NULL;
}

static uint64_t first_deadline(void)
{
	const struct timer *first = first_timer();

	return first ? first->deadline : UINT64_MAX;
}

static void program(uint64_t next)
{
	programmed = next;
	plat_timer_set(next == UINT64_MAX ? next : MIN(next, last_time + FURTHEST) + boot_clock);
}

/* A timer interrupt that comes early is harmless, so a cancelled first timer costs nothing here. */
static void program_earlier(void)
{
	uint64_t next = first_deadline();

	if (next < programmed)
		program(next);
}

/* The platform's timer interrupt. */
static void expire(void)
{
	uint64_t now = time_monotonic();
	struct timer *t;

	programmed = UINT64_MAX;
	/* However many are over: with more than a batch the next interrupt comes at once, and others get a turn before it. */
	for (int i = 0; i < BATCH && (t = first_timer()) && t->deadline <= now; i++) {
		tree_remove(&timers, &t->node);
		t->fn(t);
	}
	program_earlier();
}

void timer_init(struct timer *t, void (*fn)(struct timer *t))
{
	tree_node_init(&t->node);
	t->fn = fn;
	t->deadline = 0;
}

void timer_set(struct timer *t, uint64_t deadline)
{
	preempt_disable();
	tree_remove(&timers, &t->node);
	t->deadline = deadline;
	tree_insert(&timers, &t->node);
	program_earlier();
	preempt_enable();
}

void timer_cancel(struct timer *t)
{
	preempt_disable();
	tree_remove(&timers, &t->node);
	preempt_enable();
}

void timer_trim(void)
{
	uint64_t next = first_deadline();

	if (next > programmed)
		program(next);
}

static int timers_init(void)
{
	plat_timer_init(expire);
	return 0;
}
INITCALL(INIT_SERVICES, timers_init);
