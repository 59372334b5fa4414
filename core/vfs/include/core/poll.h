/* SPDX-License-Identifier: BSD-3-Clause */
/* Readiness: the events of poll(2), and how a file tells which wait queues announce them. */
#ifndef CORE_POLL_H
#define CORE_POLL_H

#include <abi/poll.h>
#include <core/sched.h>

/* Who asks. @add registers the asker on one wait queue; a file may name up to POLL_QUEUES of them. */
struct poll_table {
	void (*add)(struct poll_table *pt, struct waitq *q);
};

#define POLL_QUEUES 2

/* For file_ops.poll: call it before looking at the state, so that no change is lost. @pt NULL: a look without waiting. */
static inline void poll_wait(struct poll_table *pt, struct waitq *q)
{
	if (pt)
		pt->add(pt, q);
}

#endif
