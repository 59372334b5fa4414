/* SPDX-License-Identifier: BSD-3-Clause */
/* The threads of a process that forks stand still while the child has their memory. */
#include "family.h"

#include <core/time.h>
#include <core/user.h>

#define PATIENCE 1000 /* attempts, a millisecond apart */

/* Of the running process, and of a program: the kernel's threads are the first process's, too. */
static bool is_other(const struct thread *t)
{
	return t->user && t != thread_self() && process_of(t) == process_self();
}

static int hold(struct thread *t, void *arg)
{
	bool *all = arg;

	if (is_other(t) && !thread_hold(t))
		*all = false;
	return 0;
}

static int let_go(struct thread *t, void *arg __unused)
{
	if (is_other(t))
		thread_let_go(t);
	return 0;
}

/* One that still runs may have made another. */
static bool hold_all(void)
{
	bool all = true;

	spin_lock(&threads_lock);
	thread_for_each(hold, &all)
		;
	spin_unlock(&threads_lock);
	return all;
}

bool process_hold_others(void)
{
	for (int i = 0; i < PATIENCE; i++) {
		if (hold_all())
			return true;
		time_sleep_until(time_monotonic() + NSEC_PER_MSEC);
	}
	return false;
}

void process_let_others_go(void)
{
	spin_lock(&threads_lock);
	thread_for_each(let_go, NULL)
		;
	spin_unlock(&threads_lock);
}
