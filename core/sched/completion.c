/* SPDX-License-Identifier: BSD-3-Clause */
#include "sched.h"

void completion_init(struct completion *c)
{
	waitq_init(&c->wait);
	c->done = false;
}

void completion_signal(struct completion *c)
{
	preempt_disable(); /* who waits may see that it is done, return, and use the memory for something else */
	c->done = true;
	waitq_wake(&c->wait, ~0u);
	preempt_enable();
}

void completion_wait(struct completion *c)
{
	wait_event(&c->wait, READ_ONCE(c->done));
}

bool completion_wait_until(struct completion *c, uint64_t deadline)
{
	return !wait_event_full(&c->wait, READ_ONCE(c->done), deadline, false);
}
