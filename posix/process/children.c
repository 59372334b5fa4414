/* SPDX-License-Identifier: BSD-3-Clause */
/* Waiting for children: wait4(2), waitid(2). */
#include "family.h"

#include <abi/resource.h>
#include <abi/wait.h>
#include <core/errno.h>
#include <core/string.h>
#include <core/time.h>
#include <posix/calls.h>

#include "internal.h"

/* Whom a call waits for, and what it found. */
struct search {
	int kind, id; /* P_* */
	bool exited; /* it wants to hear of those that ended: nothing else happens to children */
	bool keep; /* somebody else may wait for the child yet */
	int pid, status; /* pid 0: nobody has ended */
	uint64_t cpu_time;
};

static bool is_meant(const struct process *child, const struct search *s)
{
	if (s->kind == P_PID)
		return child->pid == s->id;
	return s->kind == P_ALL || child->group == s->id;
}

static void take(struct process *child, struct search *s)
{
	const struct family *f = family_of(process_offset(child));

	s->pid = child->pid;
	s->status = f->status;
	s->cpu_time = f->cpu_time + f->children_time;
	if (s->keep)
		return;
	family_of(process_self())->children_time += s->cpu_time;
	process_remove(process_offset(child));
}

/* Is there an answer? Either a child that ended, in @s, or -ECHILD: there is nobody to wait for. */
static bool look(struct search *s, long *ret)
{
	struct process *child, *next;

	*ret = -ECHILD;
	spin_lock(&threads_lock);
	list_for_each_safe(child, next, &process_local(process_here).children, sibling) {
		if (family_of(process_offset(child))->orphan || !is_meant(child, s))
			continue;
		*ret = 0;
		if (!child->ended || !s->exited)
			continue;
		take(child, s);
		break;
	}
	spin_unlock(&threads_lock);
	return *ret || s->pid;
}

static long search(struct search *s, bool wait)
{
	long ret, err;

	if (!wait) {
		look(s, &ret);
		return ret;
	}
	err = wait_event_interruptible(&family_of(process_self())->waiters, look(s, &ret));
	return err ? err : ret;
}

static void tell_usage(struct rusage *usage, const struct search *s)
{
	if (usage)
		*usage = (struct rusage){ .ru_utime = time_to_timeval(s->cpu_time) };
}

long sys_wait4(int pid, int *status, int flags, void *usage)
{
	struct search s = { .kind = P_ALL, .exited = true };

	if ((unsigned)flags & ~WAIT4_FLAGS)
		return -EINVAL;
	if (pid == INT32_MIN)
		return -ESRCH;
	if (pid != -1)
		s.kind = pid > 0 ? P_PID : P_PGID;
	s.id = pid > 0 ? pid : pid ? -pid : process_local(process_here).group;
	long ret = search(&s, !(flags & WNOHANG));

	if (ret || !s.pid)
		return ret;
	if (status)
		*status = s.status;
	tell_usage(usage, &s);
	return s.pid;
}

/* As SIGCHLD's, and all zero if there is nobody. */
static void tell_info(struct siginfo *info, const struct search *s)
{
	if (!info)
		return;
	memset(info, 0, sizeof(*info));
	if (!s->pid)
		return;
	info->signo = SIGCHLD;
	info->code = process_child_code(s->status);
	info->pid = s->pid;
	info->value = process_child_value(s->status);
}

long sys_waitid(int kind, int id, void *info, int flags, void *usage)
{
	struct search s = { .kind = kind, .id = id, .exited = flags & WEXITED, .keep = flags & WNOWAIT };

	if (((unsigned)flags & ~WAITID_FLAGS) || !(flags & WAITID_EVENTS) || kind < 0 || kind > P_PIDFD)
		return -EINVAL;
	if (kind == P_PIDFD)
		return id < 0 ? -EINVAL : -EBADF;
	if ((kind == P_PID && id <= 0) || (kind == P_PGID && id < 0))
		return -EINVAL;
	if (kind == P_PGID && !id)
		s.id = process_local(process_here).group;
	long ret = search(&s, !(flags & WNOHANG));

	if (ret)
		return ret;
	tell_info(info, &s);
	if (s.pid)
		tell_usage(usage, &s);
	return 0;
}
