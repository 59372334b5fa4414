/* SPDX-License-Identifier: BSD-3-Clause */
/* Wait queues that nobody sleeps on: a target that may wait defines waiter_sleep() itself, as its peer. */
#include <core/sched.h>

void waitq_wake(struct waitq *q __unused, unsigned events __unused)
{
}

void waitq_add(struct waitq *q __unused, struct wait_entry *e __unused)
{
}

void waitq_remove(struct wait_entry *e __unused)
{
}

void waiter_init(struct waiter *w)
{
	w->woken = false;
}
