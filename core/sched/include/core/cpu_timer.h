/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Timers on processor time instead of the time of day: that of one thread, or of all together. They cost nothing while none is armed, and
 * are exact: the platform's timer is set for the moment at which the running thread will have used what is left.
 */
#ifndef CORE_CPU_TIMER_H
#define CORE_CPU_TIMER_H

#include <core/base.h>
#include <core/tree.h>

struct thread;

/* @fn runs in interrupt-handler context (preemption disabled, no sleeping) once the clock has reached @deadline, in ns. */
struct cpu_timer {
	struct tree_node node; /* by deadline */
	struct tree *clock; /* the armed ones of its thread, or of all threads; NULL: unarmed */
	uint64_t deadline;
	void (*fn)(struct cpu_timer *t);
};

/* Before the first use: unarmed. */
void cpu_timer_init(struct cpu_timer *t, void (*fn)(struct cpu_timer *t));
/*
 * Arm, again if need be, for when thread_cpu_time(@thread) is @deadline; @thread NULL: sched_cpu_time(). Under threads_lock. A thread's timers
 * are unarmed when it ends.
 */
void cpu_timer_set(struct cpu_timer *t, struct thread *thread, uint64_t deadline);
/* Afterwards @fn is not running and will not run; harmless when unarmed. Any context. */
void cpu_timer_cancel(struct cpu_timer *t);

#endif
