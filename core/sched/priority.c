/* SPDX-License-Identifier: BSD-3-Clause */
#include <core/priority.h>

#include <abi/sched.h>

#include "run_queue.h"
#include "sched.h"

#define ONE 65536u /* stretch of nice value 0 */
#define STRETCH_IDLE (ONE / 3 * 1024) /* as Linux has it: 3 where nice value 0 has 1024 */

/* Each step of the nice value is worth a quarter more. */
static uint32_t stretch_of(int nice)
{
	uint32_t stretch = ONE;

	for (; nice > 0; nice--)
		stretch += stretch / 4;
	for (; nice < 0; nice++)
		stretch = (stretch * 4 + 2) / 5;
	return stretch;
}

uint64_t sched_unstretch(const struct thread *t, uint64_t ns)
{
	return likely(t->stretch == ONE) ? ns : ns * ONE / t->stretch;
}

void sched_apply(struct thread *t)
{
	t->priority = t->schedule.priority;
	t->stretch = t->schedule.policy == SCHED_IDLE ? STRETCH_IDLE : stretch_of(t->schedule.nice);
}

unsigned thread_priority(const struct thread *t)
{
	return t->priority;
}

const struct thread_schedule *thread_schedule(const struct thread *t)
{
	return &t->schedule;
}

/* @t, whose priority was @old, is not in the run queue. */
static void find_place(struct thread *t, unsigned old, bool keep_place)
{
	if (!t->priority) {
		if (old)
			sched_join_fair(t, 0);
	} else if (!keep_place || t->priority > old) {
		run_queue_to_tail(t);
	} else if (t->priority < old) {
		run_queue_to_head(t);
	}
}

void thread_set_schedule(struct thread *t, const struct thread_schedule *s, bool keep_place)
{
	preempt_disable();
	bool waits = t->state == THREAD_RUNNABLE && t != this_cpu()->current;
	unsigned old = t->priority;

	sched_account(); /* by the old rules */
	if (waits)
		run_queue_remove(t);
	t->schedule = *s;
	sched_apply(t);
	find_place(t, old, keep_place);
	if (waits)
		run_queue_add(t);
	this_cpu()->need_resched = true;
	preempt_enable();
}

void thread_inherit_schedule(struct thread *t)
{
	t->schedule = thread_self()->schedule;
	if (!t->schedule.reset)
		return;
	if (t->schedule.priority)
		t->schedule = (struct thread_schedule){ .policy = SCHED_OTHER };
	t->schedule.nice = MAX(t->schedule.nice, 0);
	t->schedule.reset = false;
}
