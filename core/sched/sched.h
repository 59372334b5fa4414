/* SPDX-License-Identifier: BSD-3-Clause */
/* Shared inside core/sched only. */
#ifndef SCHED_SCHED_H
#define SCHED_SCHED_H

#include <core/thread.h>

/* Per-CPU state; there is one CPU today. */
struct cpu {
	unsigned preempt_count;
	bool need_resched;
	struct thread *current; /* whose stack is in use: of the thread that slept last, too, while the processor idles */
	struct thread *running; /* whose time passes; NULL while the processor idles */
	uint64_t accounted; /* until when time was charged */
	uint8_t idle_times; /* the last eight, a bit each: was it a long one? */
	uint64_t charged; /* to threads so far, ns */
};

extern struct cpu cpu0;
/* Thread switches since the start: who stops the machine reads it (scripts/benchlib/requests.py). */
extern uint64_t sched_switches;

static inline struct cpu *this_cpu(void)
{
	return &cpu0;
}

/* Give up the CPU; preemption disabled by exactly one level. A runnable caller stays in the run queue. */
void schedule(void);
/* Charge the time that has passed to the thread that ran. Preemption disabled. */
void sched_account(void);
/* Make a sleeping thread runnable; harmless when it is not asleep. Preemption disabled. */
void thread_wake(struct thread *t);

/* The virtual time of @t in which @ns pass, and how long @t runs until so much virtual time has passed. */
static inline uint64_t sched_stretch(const struct thread *t, uint64_t ns)
{
	return (uint64_t)((unsigned __int128)ns * t->stretch >> 16);
}

uint64_t sched_unstretch(const struct thread *t, uint64_t ns);

/* @t shares with the others: it has used no less than they, but for @credit ns. */
void sched_join_fair(struct thread *t, uint64_t credit);
#ifdef CONFIG_CORE_PROCESSES
/* @t, which was left out, can run and is in the run queue again. Preemption disabled. */
void sched_again(struct thread *t);
#endif
/* @t begins: fill in what follows from its schedule. It ends: nobody gives it anything any more. Preemption disabled. */
void sched_begin(struct thread *t);
void sched_end(struct thread *t);

/* Give @t, whose entry is set, a context at the end of its stack, and make it runnable. */
void sched_launch(struct thread *t, uintptr_t stack_top);
/* A thread begins, and ends: it has no timers on its time. Preemption disabled, and so for: */
void cpu_timers_begin(struct thread *t);
void cpu_timers_end(struct thread *t);
/* Another thread's time passes from here on, or none's. */
void cpu_timers_run(void);
/* Enter @t, the boot context, into the list of threads. */
void thread_adopt(struct thread *t, const char *name);

#endif
