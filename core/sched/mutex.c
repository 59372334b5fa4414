/* SPDX-License-Identifier: BSD-3-Clause */
#include "sched.h"

#include <core/log.h>

void mutex_init(struct mutex *m)
{
	m->owner = NULL;
	waitq_init(&m->waiters);
}

bool mutex_trylock(struct mutex *m)
{
	preempt_disable();
	bool mine = !m->owner;

	if (mine) {
		m->owner = thread_self();
		m->owner->signals_held++;
	}
	preempt_enable();
	return mine;
}

void mutex_lock(struct mutex *m)
{
	ASSERT(m->owner != thread_self());
	if (!mutex_trylock(m))
		wait_event(&m->waiters, mutex_trylock(m));
}

void mutex_unlock(struct mutex *m)
{
	struct thread *self = thread_self();

	ASSERT(m->owner == self);
	preempt_disable();
	m->owner = NULL;
	self->signals_held--;
	waitq_wake_n(&m->waiters, 1, ~0u);
	preempt_enable();
	/* A signal that came meanwhile had to wait: its handler may call what the mutex protects. */
	if (unlikely(self->interrupted) && !self->signals_held && thread_signal_hook && preempt_allowed())
		thread_signal_hook();
}
