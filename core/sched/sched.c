/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Run queue ordered by virtual run time: the thread that has had the least CPU runs next. A thread that slept gets a little
 * credit, so that it preempts a computing one; with equals, time slices apply.
 */
#include "sched.h"

#include <arch/context.h>
#include <core/log.h>
#include <core/timer.h>
#include <plat/plat.h>
#include <plat/thread.h>

#define SLEEPER_CREDIT (3 * NSEC_PER_MSEC)
#define WAKEUP_GRANULARITY (300 * NSEC_PER_USEC)

struct cpu cpu0 = { .preempt_count = 1 };

static struct list run_queue = LIST_INIT(run_queue);
static uint64_t min_vruntime;
static struct timer slice_timer;
static struct thread *dead; /* to be released once we are off its stack */

/* A thread that ended cannot idle on its stack, which is to be released. */
static struct thread idle_thread = { .state = THREAD_SLEEPING, .name = "idle" };
static char idle_stack[4096] __aligned(16);

static void slice_over(struct timer *t __unused)
{
	this_cpu()->need_resched = true;
}

static void charge(struct thread *t, uint64_t now)
{
	uint64_t delta = now - t->started;

	t->started = now;
	t->vruntime += delta;
	t->cpu_time += delta;
}

static void enqueue(struct thread *t)
{
	struct list *at = &run_queue;

	while (at->prev != &run_queue && list_entry(at->prev, struct thread, run_link)->vruntime > t->vruntime)
		at = at->prev;
	list_add_before(at, &t->run_link);
}

void thread_wake(struct thread *t)
{
	struct thread *cur = this_cpu()->current;

	if (t->state != THREAD_SLEEPING)
		return;
	t->state = THREAD_RUNNABLE;
	if (t == cur) /* it idles in schedule(), or is on its way there */
		return;
	uint64_t floor = min_vruntime > SLEEPER_CREDIT ? min_vruntime - SLEEPER_CREDIT : 0;

	t->vruntime = MAX(t->vruntime, floor);
	enqueue(t);
	charge(cur, time_monotonic());
	if (cur->state != THREAD_RUNNABLE || t->vruntime + WAKEUP_GRANULARITY < cur->vruntime)
		this_cpu()->need_resched = true;
	else if (run_queue.next->next == &run_queue) /* the first rival starts the slice */
		timer_set(&slice_timer, cur->started + SCHED_SLICE);
}

static void release_dead(void)
{
	struct thread *t = dead;

	dead = NULL;
	if (t && t->release)
		t->release(t);
}

static void switch_to(struct thread *prev, struct thread *next)
{
	this_cpu()->current = next;
	plat_thread_switch(next->tls_base);
	arch_context_switch(&prev->sp, next->sp);
	/* Here @prev runs again, maybe much later. */
	release_dead();
}

static struct thread *pick_next(struct thread *prev)
{
	if (list_empty(&run_queue) && prev->state == THREAD_DEAD)
		return &idle_thread;
	/* With nothing to run, idle on the present stack until an interrupt makes somebody runnable. */
	while (list_empty(&run_queue) && prev->state != THREAD_RUNNABLE) {
		plat_idle();
		plat_irq_run_pending();
	}
	if (list_empty(&run_queue))
		return prev;
	struct thread *next = list_first(&run_queue, struct thread, run_link);

	if (prev->state == THREAD_RUNNABLE && prev->vruntime < next->vruntime)
		return prev;
	list_del(&next->run_link);
	return next;
}

void schedule(void)
{
	struct cpu *cpu = this_cpu();
	struct thread *prev = cpu->current;

	ASSERT(cpu->preempt_count == 1);
	charge(prev, time_monotonic());
	struct thread *next = pick_next(prev);
	uint64_t now = time_monotonic();

	cpu->need_resched = false;
	next->started = now;
	if (next->vruntime > min_vruntime)
		min_vruntime = next->vruntime;
	if (next != prev && prev->state == THREAD_RUNNABLE)
		enqueue(prev);
	if (!list_empty(&run_queue))
		timer_set(&slice_timer, now + SCHED_SLICE);
	if (next == prev)
		return;
	if (prev->state == THREAD_DEAD)
		dead = prev;
	switch_to(prev, next);
}

void sched_yield(void)
{
	preempt_disable();
	struct thread *self = this_cpu()->current;

	if (!list_empty(&run_queue)) {
		/* Behind the others: as if it had used what the last of them has. */
		uint64_t last = list_entry(run_queue.prev, struct thread, run_link)->vruntime;

		self->vruntime = MAX(self->vruntime, MIN(last, self->vruntime + SCHED_SLICE)) + 1;
		schedule();
	}
	preempt_enable();
}

static void first_instructions(void *arg)
{
	struct thread *t = arg;

	release_dead();
	preempt_enable();
	t->entry(t->arg);
	panic("thread %d: entry returned", t->id);
}

void sched_launch(struct thread *t, uintptr_t stack_top)
{
	t->sp = arch_context_make(stack_top, first_instructions, t);
	t->vruntime = min_vruntime;
	t->state = THREAD_SLEEPING;
	preempt_disable();
	thread_wake(t);
	preempt_enable();
}

static void idle(void *arg __unused)
{
	for (;;) {
		preempt_disable();
		schedule();
		preempt_enable();
	}
}

void sched_start(void)
{
	preempt_enable();
}

void sched_init(void)
{
	static struct thread first;

	timer_init(&slice_timer, slice_over);
	idle_thread.entry = idle;
	idle_thread.sp = arch_context_make((uintptr_t)idle_stack + sizeof(idle_stack), first_instructions, &idle_thread);
	thread_adopt(&first, "main");
	first.started = time_monotonic();
	cpu0.current = &first;
}
