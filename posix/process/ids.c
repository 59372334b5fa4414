/* SPDX-License-Identifier: BSD-3-Clause */
/* One process (core/process.h: groups.c is for several), one group, one session, one user: 1 and root. */
#include <posix/calls.h>

#include <core/base.h>
#include <core/errno.h>

#define PID 1

long sys_getpid(void)
{
	return PID;
}

long sys_getppid(void)
{
	return 0;
}

long sys_getpgrp(void)
{
	return PID;
}

static bool is_us(long pid)
{
	return !pid || pid == PID;
}

long sys_getpgid(int pid)
{
	return is_us(pid) ? PID : -ESRCH;
}

/* It leads a session, so its group cannot change. */
long sys_setpgid(int pid, int group)
{
	if (pid < 0 || group < 0)
		return -EINVAL;
	return is_us(pid) ? -EPERM : -ESRCH;
}

long sys_getsid(int pid)
{
	return is_us(pid) ? PID : -ESRCH;
}

long sys_setsid(void)
{
	return PID;
}
