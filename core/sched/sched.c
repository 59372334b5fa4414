/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Who runs next: the first real-time thread, else the thread that has had the least CPU. A thread that slept gets a little
 * credit, so that it preempts a computing one; with equals, time slices apply.
 */
#include "sched.h"

#include "realtime.h"
#include "run_queue.h"
#include "user.h"

#include <arch/context.h>
#include <core/guarded_stack.h>
#include <core/log.h>
#include <core/stack_guard.h>
#include <core/timer.h>
#include <plat/plat.h>
#include <plat/thread.h>

#define SLEEPER_CREDIT (1 * NSEC_PER_MSEC)
#define WAKEUP_GRANULARITY (300 * NSEC_PER_USEC)
#define IDLE_LONG (1 * NSEC_PER_MSEC)

struct cpu cpu0 = { .preempt_count = 1 };
uint64_t sched_switches;

static uint64_t min_vruntime; /* of all but real-time threads that run or want to; does not go back */
static struct timer slice_timer;
static struct thread *dead; /* to be released once we are off its stack */

/* A thread that ended cannot idle on its stack, which is to be released. */
static struct thread idle_thread = { .state = THREAD_SLEEPING, .name = "idle" };
/* Signal and interrupt handlers run on it too, after the extended state was saved there: up to 2.7 KiB with AVX-512. */
GUARDED_STACK(idle_stack, 16384, "idle");

static void slice_over(struct timer *t __unused)
{
	this_cpu()->need_resched = true;
}

static void advance_min(const struct thread *running)
{
	const struct thread *head = run_queue_first_fair();
	uint64_t lowest = head ? MIN(head->vruntime, running->vruntime) : running->vruntime;

	min_vruntime = MAX(min_vruntime, lowest);
}

/* The time since the last call, which is none's if the processor idled. */
void sched_account(void)
{
	struct cpu *cpu = this_cpu();
	struct thread *t = cpu->running;

	if (!t)
		return;
	uint64_t now = time_monotonic(), delta = now - cpu->accounted;

	cpu->accounted = now;
	t->cpu_time += delta;
	cpu->charged += delta;
	if (unlikely(t->priority)) {
		realtime_charge(t, now, delta);
		return;
	}
	t->vruntime += sched_stretch(t, delta);
	advance_min(t);
}

/* An idle time has ended now. */
static void account_idle(struct cpu *cpu)
{
	uint64_t now = time_monotonic();

	cpu->idle_times = cpu->idle_times << 1 | (now - cpu->accounted > IDLE_LONG);
	cpu->accounted = now;
}

/* From here on the time is @t's; NULL: the processor idles. */
static void set_running(struct thread *t)
{
	struct cpu *cpu = this_cpu();

	if (t && !cpu->running)
		account_idle(cpu);
	cpu->running = t;
	cpu_timers_run();
}

static uint64_t unaccounted(void)
{
	return this_cpu()->running ? time_monotonic() - this_cpu()->accounted : 0;
}

uint64_t thread_cpu_time(const struct thread *t)
{
	return t->cpu_time + (t == this_cpu()->running ? unaccounted() : 0);
}

uint64_t sched_cpu_time(void)
{
	preempt_disable();
	uint64_t sum = this_cpu()->charged + unaccounted();

	preempt_enable();
	return sum;
}

/* The running thread's turn ends in @ns, if it does not before. */
static void limit_turn(uint64_t ns)
{
	uint64_t end;

	if (__builtin_add_overflow(this_cpu()->accounted, ns, &end))
		return;
	if (!timer_is_set(&slice_timer) || slice_timer.deadline > end)
		timer_set(&slice_timer, end);
}

void sched_join_fair(struct thread *t, uint64_t credit)
{
	t->vruntime = MAX(t->vruntime, min_vruntime > credit ? min_vruntime - credit : 0);
}

/* @t can run, and @running runs. */
static void compete(const struct thread *t, const struct thread *running)
{
	if (unlikely(t->priority | running->priority)) {
		if (t->priority > running->priority)
			this_cpu()->need_resched = true; /* which knows of their share */
		else
			limit_turn(realtime_turn(running));
	} else if (t->vruntime + WAKEUP_GRANULARITY < running->vruntime) {
		this_cpu()->need_resched = true;
	} else { /* as soon as that has changed */
		limit_turn(MIN(SCHED_SLICE, sched_unstretch(running, t->vruntime + WAKEUP_GRANULARITY - running->vruntime)));
	}
}

static void queue(struct thread *t)
{
	struct cpu *cpu = this_cpu();

	run_queue_add(t);
	if (!cpu->running || cpu->running->state != THREAD_RUNNABLE)
		cpu->need_resched = true;
	else
		compete(t, cpu->running);
}

void thread_wake(struct thread *t)
{
	struct cpu *cpu = this_cpu();

	if (t->state != THREAD_SLEEPING)
		return;
	sched_account();
	t->state = THREAD_RUNNABLE;
	if (unlikely(t->priority))
		run_queue_to_tail(t);
	else
		sched_join_fair(t, SLEEPER_CREDIT);
	if (t == cpu->current || thread_is_held(t)) /* it idles in schedule(), or is on its way there */
		return;
	queue(t);
}

#ifdef CONFIG_CORE_PROCESSES
void sched_again(struct thread *t)
{
	sched_account();
	if (!t->priority)
		sched_join_fair(t, 0);
	queue(t);
}
#endif

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
	sched_switches++;
	user_switch(prev->user, next->user);
	plat_thread_switch(next->tls_base);
	arch_context_switch(&prev->sp, next->sp);
	/* Here @prev runs again, maybe much later. */
	release_dead();
}

/*
 * Nobody's turn has to end while the processor idles, but setting the hardware's timer anew costs something as well: that is worth it when some of the
 * last idle times were as long as turns are.
 */
static void end_turn(void)
{
	timer_cancel(&slice_timer);
	if (this_cpu()->idle_times)
		timer_trim();
}

/* With nothing to run, idle on the present stack until an interrupt makes somebody runnable. The time is nobody's meanwhile. */
static void wait_for_work(const struct thread *prev)
{
	while (tree_empty(&run_queue.threads) && prev->state != THREAD_RUNNABLE) {
		set_running(NULL);
		end_turn();
		plat_idle();
		plat_irq_run_pending();
	}
}

/* Of two that can run; NULL is none. */
static struct thread *earlier(struct thread *a, struct thread *b)
{
	return !b || (a && runs_before(a, b)) ? a : b;
}

/* The first of all that can run, @stay with them, which may be NULL. */
static struct thread *first_of_all(struct thread *stay)
{
	struct thread *next = earlier(stay, run_queue_first()), *fair;

	if (likely(!next->priority) || !realtime_exhausted())
		return next;
	fair = earlier(stay && !stay->priority ? stay : NULL, run_queue_first_fair());
	return fair ? fair : next;
}

static struct thread *pick_next(struct thread *prev)
{
	if (tree_empty(&run_queue.threads) && prev->state == THREAD_DEAD)
		return &idle_thread;
	wait_for_work(prev);
	struct thread *next = first_of_all(prev->state == THREAD_RUNNABLE ? prev : NULL);

	if (next != prev)
		run_queue_remove(next);
	return next;
}

/* How long @next runs before somebody else is looked at. */
static uint64_t turn_of(const struct thread *next)
{
	if (likely(!(next->priority | run_queue_first()->priority)))
		return SCHED_SLICE;
	return next->priority ? realtime_turn(next) : MIN(SCHED_SLICE, realtime_turn(next));
}

void schedule(void)
{
	struct cpu *cpu = this_cpu();
	struct thread *prev = cpu->current;

	ASSERT(cpu->preempt_count == 1);
	sched_account();
	if (unlikely(prev->priority))
		realtime_slice(prev);
	struct thread *next = pick_next(prev);

	cpu->need_resched = false;
	set_running(next == &idle_thread ? NULL : next);
	if (next != prev && prev->state == THREAD_RUNNABLE)
		run_queue_add(prev);
	timer_cancel(&slice_timer);
	if (!tree_empty(&run_queue.threads))
		limit_turn(turn_of(next));
	if (next == prev)
		return;
	if (prev->state == THREAD_DEAD)
		dead = prev;
	switch_to(prev, next);
}

void sched_yield(void)
{
	preempt_disable();
	struct thread *self = this_cpu()->current, *last = run_queue_last();

	if (last) {
		sched_account();
		if (unlikely(self->priority))
			run_queue_to_tail(self);
		else if (likely(!last->priority)) /* as if it had used what the last of them has */
			self->vruntime = MAX(self->vruntime, MIN(last->vruntime, self->vruntime + SCHED_SLICE)) + 1;
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
	t->state = THREAD_SLEEPING;
	preempt_disable();
	sched_account();
	sched_join_fair(t, 0);
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

static const char *running_thread(int *id)
{
	const struct thread *t = thread_self();

	*id = t ? t->id : 0;
	return t ? t->name : NULL;
}

void sched_init(void)
{
	static struct thread first;

	timer_init(&slice_timer, slice_over);
	idle_thread.entry = idle;
	idle_thread.sp = arch_context_make(GUARDED_STACK_TOP(idle_stack), first_instructions, &idle_thread);
	thread_adopt(&first, "main");
	cpu0.current = &first;
	set_running(&first);
	stack_guard_thread = running_thread;
}
