/* SPDX-License-Identifier: BSD-3-Clause */
#include "sched.h"

#include <abi/poll.h>
#include <core/errno.h>
#include <core/log.h>
#include <core/timer.h>

struct sleep_timer {
	struct timer timer;
	struct thread *thread;
	bool expired;
};

static bool waiter_wake(struct wait_entry *e, unsigned events __unused)
{
	struct waiter *w = container_of(e, struct waiter, entry);

	w->woken = true;
	thread_wake(w->thread);
	return true;
}

void waiter_init(struct waiter *w)
{
	list_init(&w->entry.link);
	w->entry.wake = waiter_wake;
	w->entry.exclusive = false;
	w->thread = thread_self();
	w->woken = false;
}

/* Before which entry of @q does @e belong? A real-time thread's is before those of lower priority, and before all that are no thread's. */
static struct list *place_in(struct waitq *q, const struct wait_entry *e)
{
	struct wait_entry *at;
	unsigned priority = 0;

	if (e->wake == waiter_wake)
		priority = container_of(e, struct waiter, entry)->thread->priority;
	if (likely(!priority))
		return &q->entries;
	list_for_each(at, &q->entries, link)
		if (at->wake != waiter_wake || container_of(at, struct waiter, entry)->thread->priority < priority)
			return &at->link;
	return &q->entries;
}

void waitq_add(struct waitq *q, struct wait_entry *e)
{
	preempt_disable();
	list_add_before(place_in(q, e), &e->link);
	preempt_enable();
}

void waitq_remove(struct wait_entry *e)
{
	preempt_disable();
	list_del(&e->link);
	preempt_enable();
}

void waitq_wake_n(struct waitq *q, unsigned n, unsigned events)
{
	struct wait_entry *e, *next;
	bool taken = false;

	preempt_disable();
	list_for_each_safe(e, next, &q->entries, link) {
		if (e->wake == waiter_wake) {
			if (!n || container_of(e, struct waiter, entry)->woken)
				continue;
			n--;
		}
		if (e->exclusive && taken)
			continue;
		if (e->wake(e, events) && e->exclusive)
			taken = !(events & (POLLHUP | POLLERR));
	}
	preempt_enable();
}

void waitq_wake(struct waitq *q, unsigned events)
{
	if (!list_empty(&q->entries))
		waitq_wake_n(q, ~0u, events);
}

static void sleep_over(struct timer *timer)
{
	struct sleep_timer *s = container_of(timer, struct sleep_timer, timer);

	s->expired = true;
	thread_wake(s->thread);
}

int waiter_sleep(struct waiter *w, uint64_t deadline, bool interruptible)
{
	struct thread *self = thread_self();
	struct sleep_timer s = { .thread = self };
	int ret = 0;

	preempt_disable();
	timer_init(&s.timer, sleep_over);
	if (deadline)
		timer_set(&s.timer, deadline);
	while (!w->woken) {
		if (interruptible && self->interrupted) {
			ret = -EINTR;
			break;
		}
		if (s.expired || (deadline && time_monotonic() >= deadline)) {
			ret = -ETIMEDOUT;
			break;
		}
		ASSERT(this_cpu()->preempt_count == 1);
		self->interruptible = interruptible;
		self->state = THREAD_SLEEPING;
		schedule();
		self->interruptible = false;
	}
	w->woken = false;
	if (deadline)
		timer_cancel(&s.timer);
	preempt_enable();
	return ret;
}
