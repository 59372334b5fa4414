/* SPDX-License-Identifier: BSD-3-Clause */
/* Threads that do not run for a while, whatever wakes them: those of a process whose memory a child has (CONFIG_CORE_PROCESSES). */
#include "sched.h"

#include "run_queue.h"

bool thread_hold(struct thread *t)
{
	preempt_disable();
	const bool waits = t->state == THREAD_RUNNABLE;
	/* One is the program's own. What holds a mutex, or waits for a device or a mutex, goes on until it does not. */
	const bool can = t->signals_held <= 1 && (waits || (t->state == THREAD_SLEEPING && t->interruptible));

	if (can && !t->held) {
		t->held = true;
		if (waits)
			run_queue_remove(t);
	}
	preempt_enable();
	return can;
}

void thread_let_go(struct thread *t)
{
	preempt_disable();
	if (t->held) {
		t->held = false;
		if (t->state == THREAD_RUNNABLE)
			sched_again(t);
	}
	preempt_enable();
}
