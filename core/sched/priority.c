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

static bool gives_more(const struct tree_node *a, const struct tree_node *b)
{
	return tree_entry(a, const struct donation, node)->priority > tree_entry(b, const struct donation, node)->priority;
}

struct donation *thread_first_donation(const struct thread *t)
{
	struct tree_node *n = tree_first(&t->donations);

	return n ? tree_entry(n, struct donation, node) : NULL;
}

static uint8_t priority_of(const struct thread *t)
{
	const struct donation *d = thread_first_donation(t);

	return d ? (uint8_t)MAX(d->priority, t->schedule.priority) : t->schedule.priority;
}

static void apply(struct thread *t)
{
	t->priority = priority_of(t);
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

/* Not while a thread has a donation: POSIX forbids that it goes behind others then. */
void thread_set_schedule(struct thread *t, const struct thread_schedule *s, bool keep_place)
{
	preempt_disable();
	bool waits = t->state == THREAD_RUNNABLE && t != this_cpu()->current && !thread_is_held(t);
	unsigned old = t->priority;

	sched_account(); /* by the old rules */
	if (waits)
		run_queue_remove(t);
	t->schedule = *s;
	apply(t);
	find_place(t, old, keep_place || !tree_empty(&t->donations));
	if (waits)
		run_queue_add(t);
	this_cpu()->need_resched = true;
	preempt_enable();
}

static void follow_donations(struct thread *t)
{
	const struct thread_schedule same = t->schedule;

	if (t->priority != priority_of(t))
		thread_set_schedule(t, &same, true);
}

void thread_donate(struct donation *d, struct thread *to, unsigned priority)
{
	struct thread *from = d->to;

	preempt_disable();
	if (from)
		tree_remove(&from->donations, &d->node);
	d->to = to;
	d->priority = priority;
	if (to)
		tree_insert(&to->donations, &d->node);
	if (from && from != to)
		follow_donations(from);
	if (to)
		follow_donations(to);
	preempt_enable();
}

void sched_begin(struct thread *t)
{
	t->donations = (struct tree)TREE_INIT(gives_more, NULL);
	apply(t);
}

void sched_end(struct thread *t)
{
	struct donation *d;

	while ((d = thread_first_donation(t))) {
		tree_remove(&t->donations, &d->node);
		d->to = NULL;
	}
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
