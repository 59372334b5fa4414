/* SPDX-License-Identifier: BSD-3-Clause */
#include "sched.h"

#include <plat/plat.h>

void (*thread_signal_hook)(void);

static bool work_pending(void)
{
	return plat_irq_pending() || this_cpu()->need_resched;
}

/* Preemption is disabled by one level. */
static void run_work(void)
{
	while (work_pending()) {
		plat_irq_run_pending();
		if (this_cpu()->need_resched)
			schedule();
	}
}

void preempt_disable(void)
{
	this_cpu()->preempt_count++;
	barrier();
}

/* Apart, so that nearly all calls are short. What is noted between the last look and the decrement would otherwise wait for the next occasion. */
static __attribute__((__noinline__)) void work(struct cpu *cpu)
{
	do {
		cpu->preempt_count++;
		barrier();
		run_work();
		barrier();
		cpu->preempt_count--;
		barrier();
	} while (work_pending());
}

void preempt_enable(void)
{
	struct cpu *cpu = this_cpu();

	barrier();
	if (--cpu->preempt_count)
		return;
	/* The look is a call of the platform's, which the decrement is not behind. */
	if (unlikely(work_pending()))
		work(cpu);
}

bool preempt_allowed(void)
{
	return this_cpu()->preempt_count == 0;
}

void preempt_enter_exception(void)
{
	this_cpu()->preempt_count++;
	barrier();
}

void preempt_leave_exception(void)
{
	barrier();
	this_cpu()->preempt_count--;
}

/* Signal handlers make calls: they do not run in the middle of one that says so. */
static bool can_signal(void)
{
	const struct thread *self = this_cpu()->current;

	return self->interrupted && !self->signals_held && thread_signal_hook;
}

bool sched_interrupt_begin(void)
{
	plat_irq_run_pending();
	return this_cpu()->need_resched || can_signal();
}

void sched_interrupt_end(void)
{
	run_work();
	if (can_signal()) {
		preempt_enable();
		thread_signal_hook();
		preempt_disable();
	}
}
