/* SPDX-License-Identifier: BSD-3-Clause */
/* Identifiers of processes, their groups and sessions. */
#include <posix/calls.h>

#include <core/errno.h>
#include <core/process.h>

long sys_getpid(void)
{
	return process_id();
}

long sys_getppid(void)
{
	return process_parent_id();
}

/* The one with this pid, 0 for the running one. NULL: there is none. Under threads_lock. */
static struct process *find(int pid)
{
	uintptr_t offset = process_self();

	return !pid || process_find(pid, &offset) ? &process_local_of(offset, process_here) : NULL;
}

static long group_of(int pid, bool session)
{
	spin_lock(&threads_lock);
	const struct process *p = find(pid);
	long id = !p ? -ESRCH : session ? p->session : p->group;

	spin_unlock(&threads_lock);
	return id;
}

long sys_getpgrp(void)
{
	return group_of(0, false);
}

long sys_getpgid(int pid)
{
	return group_of(pid, false);
}

long sys_getsid(int pid)
{
	return group_of(pid, true);
}

static int is_in(uintptr_t offset, void *arg)
{
	const struct process *p = &process_local_of(offset, process_here), *like = arg;

	return p->group == like->group && p->session == like->session;
}

/* Only oneself and one's children can be moved, and no leader of a session; the group is a new one or one of the session. */
static long set_group(struct process *p, int group)
{
	const struct process *self = &process_local(process_here);
	struct process like = { .group = group, .session = self->session };

	if (!p || (p != self && p->parent != process_self()))
		return -ESRCH;
	if (p->session == p->pid || p->session != self->session)
		return -EPERM;
	if (group != p->pid && !process_for_each(is_in, &like))
		return -EPERM;
	p->group = group;
	return 0;
}

long sys_setpgid(int pid, int group)
{
	if (pid < 0 || group < 0)
		return -EINVAL;
	spin_lock(&threads_lock);
	struct process *p = find(pid);
	long ret = set_group(p, group || !p ? group : p->pid);

	spin_unlock(&threads_lock);
	return ret;
}

/* The first process leads its session and may ask again, as it may where there are no others. */
long sys_setsid(void)
{
	struct process *self = &process_local(process_here);

	if (self->group == self->pid && process_self())
		return -EPERM;
	spin_lock(&threads_lock);
	self->group = self->session = self->pid;
	spin_unlock(&threads_lock);
	return self->pid;
}
