/* SPDX-License-Identifier: BSD-3-Clause */
/* core/sched and core/time for one thread: locks are checked for pairing, and nobody may wait. */
#include <core/log.h>
#include <core/sched.h>
#include <core/time.h>

#include "../host.h"

static int depth;
uint64_t host_wall = NSEC_PER_SEC;

void preempt_disable(void)
{
	depth++;
}

void preempt_enable(void)
{
	depth--;
	CHECK(depth >= 0);
}

bool preempt_allowed(void)
{
	return !depth;
}

struct thread *thread_self(void)
{
	return (struct thread *)(uintptr_t)1;
}

void mutex_init(struct mutex *m)
{
	m->owner = NULL;
}

void mutex_lock(struct mutex *m)
{
	CHECK(!m->owner && !depth);
	m->owner = thread_self();
}

void mutex_unlock(struct mutex *m)
{
	CHECK(m->owner);
	m->owner = NULL;
}

uint64_t time_wall(void)
{
	return host_wall++;
}

void panic(const char *fmt, ...)
{
	printf("panic: %s\n", fmt);
	abort();
}
