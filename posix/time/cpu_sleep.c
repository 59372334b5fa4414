/* SPDX-License-Identifier: BSD-3-Clause */
/* Sleeping while others compute. */
#include <core/cpu_timer.h>
#include <core/thread.h>

#include "internal.h"

struct nap {
	struct cpu_timer timer;
	struct waiter waiter;
};

static void over(struct cpu_timer *timer)
{
	struct wait_entry *e = &container_of(timer, struct nap, timer)->waiter.entry;

	e->wake(e, ~0u);
}

int cpu_sleep_until(long tid, uint64_t when)
{
	struct nap nap;
	int ret = -EINVAL;

	if (tid == thread_self()->id)
		return -EINVAL;
	waiter_init(&nap.waiter);
	cpu_timer_init(&nap.timer, over);
	spin_lock(&threads_lock);
	struct thread *t = tid ? thread_find(tid) : NULL;

	if (t || !tid) {
		cpu_timer_set(&nap.timer, t, when);
		ret = 0;
	}
	spin_unlock(&threads_lock);
	if (!ret)
		ret = waiter_sleep(&nap.waiter, 0, true);
	cpu_timer_cancel(&nap.timer);
	return ret;
}
