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
};

extern struct cpu cpu0;

static inline struct cpu *this_cpu(void)
{
	return &cpu0;
}

/* Give up the CPU; preemption disabled by exactly one level. A runnable caller stays in the run queue. */
void schedule(void);
/* Make a sleeping thread runnable; harmless when it is not asleep. Preemption disabled. */
void thread_wake(struct thread *t);

/* Give @t, whose entry is set, a context at the end of its stack, and make it runnable. */
void sched_launch(struct thread *t, uintptr_t stack_top);
/* Enter @t, the boot context, into the list of threads. */
void thread_adopt(struct thread *t, const char *name);

#endif
