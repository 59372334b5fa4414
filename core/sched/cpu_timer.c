/* SPDX-License-Identifier: BSD-3-Clause */
#include <core/cpu_timer.h>

#include <core/log.h>
#include <core/timer.h>

#include "sched.h"

#define BATCH 64 /* timers in one interrupt; the next comes at once */

static bool ends_before(const struct tree_node *a, const struct tree_node *b)
{
	return tree_entry(a, const struct cpu_timer, node)->deadline < tree_entry(b, const struct cpu_timer, node)->deadline;
}

static struct tree of_all = TREE_INIT(ends_before, NULL);
static unsigned armed;

static void reached(struct timer *timer);
static struct timer next_one = TIMER_INIT(next_one, reached);

static struct cpu_timer *first_of(const struct tree *clock)
{
	struct tree_node *n = tree_first(clock);

	return n ? tree_entry(n, struct cpu_timer, node) : NULL;
}

static uint64_t left_of(const struct tree *clock, uint64_t now)
{
	const struct cpu_timer *t = first_of(clock);

	if (!t)
		return UINT64_MAX;
	return t->deadline > now ? t->deadline - now : 0;
}

void cpu_timers_run(void)
{
	const struct cpu *cpu = this_cpu();
	uint64_t left, end;

	if (likely(!armed))
		return;
	timer_cancel(&next_one);
	if (!cpu->running)
		return;
	left = MIN(left_of(&cpu->running->cpu_timers, cpu->running->cpu_time), left_of(&of_all, cpu->charged));
	if (!__builtin_add_overflow(cpu->accounted, left, &end))
		timer_set(&next_one, end);
}

static void disarm(struct cpu_timer *t)
{
	if (!t->clock)
		return;
	tree_remove(t->clock, &t->node);
	t->clock = NULL;
	armed--;
}

static void call_due(struct tree *clock, uint64_t now)
{
	struct cpu_timer *t;

	for (int i = 0; i < BATCH && (t = first_of(clock)) && t->deadline <= now; i++) {
		disarm(t);
		t->fn(t);
	}
}

/* The running thread, or all with it, may have used what a timer waits for. */
static void reached(struct timer *timer __unused)
{
	struct cpu *cpu = this_cpu();
	struct thread *running = cpu->running;

	sched_account();
	if (running) {
		call_due(&running->cpu_timers, running->cpu_time);
		call_due(&of_all, cpu->charged);
	}
	cpu_timers_run();
}

void cpu_timers_begin(struct thread *t)
{
	t->cpu_timers = (struct tree)TREE_INIT(ends_before, NULL);
}

void cpu_timers_end(struct thread *t)
{
	struct cpu_timer *first;

	while ((first = first_of(&t->cpu_timers)))
		disarm(first);
}

void cpu_timer_init(struct cpu_timer *t, void (*fn)(struct cpu_timer *t))
{
	t->clock = NULL;
	t->fn = fn;
}

void cpu_timer_set(struct cpu_timer *t, struct thread *thread, uint64_t deadline)
{
	ASSERT(!preempt_allowed());
	disarm(t);
	t->deadline = deadline;
	t->clock = thread ? &thread->cpu_timers : &of_all;
	tree_insert(t->clock, &t->node);
	armed++;
	cpu_timers_run();
}

void cpu_timer_cancel(struct cpu_timer *t)
{
	preempt_disable();
	disarm(t);
	preempt_enable();
}
