/* SPDX-License-Identifier: BSD-3-Clause */
/* Whom O_ASYNC would tell: kept, and shown as it was set. Nobody is told. */
#include <core/vfs.h>
#include <posix/calls.h>

#include "internal.h"

#define SIGNAL_LAST 64

static bool exists(int pid)
{
	return !pid || sys_kill(pid, 0) != -ESRCH;
}

static long set_owner_ex(struct file *f, const struct f_owner_ex *owner)
{
	if (owner->type < F_OWNER_TID || owner->type > F_OWNER_PGRP)
		return -EINVAL;
	int who = owner->type == F_OWNER_PGRP ? -owner->pid : owner->pid;

	if (owner->type == F_OWNER_TID ? who && sys_tkill(who, 0) : !exists(who))
		return -ESRCH;
	f->owner = who;
	return 0;
}

static void get_owner_ex(const struct file *f, struct f_owner_ex *owner)
{
	owner->type = f->owner < 0 ? F_OWNER_PGRP : F_OWNER_PID;
	owner->pid = f->owner < 0 ? -f->owner : f->owner;
}

long owner_fcntl(struct file *f, long cmd, union call_arg arg)
{
	switch (cmd) {
	case F_SETOWN:
		if ((int)arg.value == INT32_MIN)
			return -EINVAL;
		if (!exists((int)arg.value))
			return -ESRCH;
		f->owner = (int)arg.value;
		return 0;
	case F_GETOWN:
		return f->owner;
	case F_SETSIG:
		if (arg.value > SIGNAL_LAST)
			return -EINVAL;
		f->owner_signal = (uint8_t)arg.value;
		return 0;
	case F_GETSIG:
		return f->owner_signal;
	case F_SETOWN_EX:
		return arg.object ? set_owner_ex(f, arg.object) : -EFAULT;
	default:
		if (!arg.object)
			return -EFAULT;
		get_owner_ex(f, arg.object);
		return 0;
	}
}
