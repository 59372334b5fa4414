/* SPDX-License-Identifier: BSD-3-Clause */
/* Readiness: the events of poll(2), and how a file tells which wait queues announce them. */
#ifndef CORE_POLL_H
#define CORE_POLL_H

#include <core/sched.h>

#ifndef POLLIN
#define POLLIN 0x001u
#define POLLPRI 0x002u
#define POLLOUT 0x004u
#define POLLERR 0x008u
#define POLLHUP 0x010u
#define POLLNVAL 0x020u
#define POLLRDNORM 0x040u
#define POLLRDBAND 0x080u
#define POLLWRNORM 0x100u
#define POLLWRBAND 0x200u
#define POLLRDHUP 0x2000u
#endif

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
