/* SPDX-License-Identifier: BSD-3-Clause */
/* Which schedules there are, and who may have them. */
#include "schedule.h"

#include <abi/resource.h>
#include <abi/sched.h>
#include <core/errno.h>
#include <posix/futex.h>
#include <posix/limits.h>

#include "internal.h"

struct thread *schedule_thread(int tid)
{
	return tid ? thread_find(tid) : thread_self();
}

long schedule_get(int tid, struct thread_schedule *out)
{
	if (tid < 0)
		return -EINVAL;
	spin_lock(&threads_lock);
	const struct thread *t = schedule_thread(tid);

	if (t)
		*out = *thread_schedule(t);
	spin_unlock(&threads_lock);
	return t ? 0 : -ESRCH;
}

static bool is_realtime(int policy)
{
	return policy == SCHED_FIFO || policy == SCHED_RR;
}

static long check(int policy, int priority)
{
	if (policy < 0 || policy > SCHED_DEADLINE || policy == 4)
		return -EINVAL;
	if (is_realtime(policy))
		return priority >= REALTIME_MIN && priority <= REALTIME_MAX ? 0 : -EINVAL;
	if (priority)
		return -EINVAL;
	return policy == SCHED_DEADLINE ? -EPERM : 0;
}

bool schedule_may_nice(int nice)
{
	return 20 - nice <= (int64_t)MIN(limit_of(RLIMIT_NICE), 40u) || has_capability(CAP_SYS_NICE);
}

/* Without CAP_SYS_NICE, RLIMIT_RTPRIO and RLIMIT_NICE say what is permitted. */
static bool may_change(const struct thread_schedule *old, const struct thread_schedule *new)
{
	uint64_t limit = limit_of(RLIMIT_RTPRIO);

	if (has_capability(CAP_SYS_NICE))
		return true;
	if (old->reset && !new->reset)
		return false;
	if (is_realtime(new->policy))
		return (new->policy == old->policy || limit) && (new->priority <= old->priority || new->priority <= limit);
	if (old->policy == SCHED_IDLE && new->policy != SCHED_IDLE && !schedule_may_nice(new->nice))
		return false;
	return new->nice >= old->nice || schedule_may_nice(new->nice);
}

/* With threads_lock held. */
static long change(struct thread *t, const struct schedule_change *c)
{
	struct thread_schedule new = *thread_schedule(t), old = new;
	int policy = c->policy == SAME ? new.policy : c->policy, priority = c->keep_params ? new.priority : c->priority;
	long ret = check(policy, priority);

	if (ret)
		return ret;
	new.policy = (uint8_t)policy;
	new.priority = (uint8_t)priority;
	if (c->policy != SAME)
		new.reset = c->reset;
	if (c->nice != SAME && !c->keep_params && (policy == SCHED_OTHER || policy == SCHED_BATCH))
		new.nice = (int8_t)c->nice;
	if (!may_change(&old, &new))
		return -EPERM;
	thread_set_schedule(t, &new, c->keep_place);
	return 0;
}

long schedule_set(int tid, const struct schedule_change *c)
{
	if (tid < 0)
		return -EINVAL;
	spin_lock(&threads_lock);
	struct thread *t = schedule_thread(tid);
	long ret = t ? change(t, c) : -ESRCH;
	int id = t ? thread_id(t) : 0;

	spin_unlock(&threads_lock);
	if (!ret)
		futex_priority_changed(id);
	return ret;
}
