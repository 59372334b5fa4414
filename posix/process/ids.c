/* SPDX-License-Identifier: BSD-3-Clause */
/* One process, one group, one session, one user: 1 and root. */
#include <uk/syscall.h>

#include <core/base.h>
#include <core/errno.h>

#define PID 1

long uk_syscall_getpid(void)
{
	return PID;
}

long uk_syscall_getppid(void)
{
	return 0;
}

long uk_syscall_getpgrp(void)
{
	return PID;
}

static bool is_us(long pid)
{
	return !pid || pid == PID;
}

long uk_syscall_getpgid(long pid)
{
	return is_us(pid) ? PID : -ESRCH;
}

/* It leads a session, so its group cannot change. */
long uk_syscall_setpgid(long pid, long group __unused)
{
	return is_us(pid) ? -EPERM : -ESRCH;
}

long uk_syscall_getsid(long pid)
{
	return is_us(pid) ? PID : -ESRCH;
}

long uk_syscall_setsid(void)
{
	return PID;
}

long uk_syscall_getuid(void)
{
	return 0;
}

long uk_syscall_getgid(void)
{
	return 0;
}

long uk_syscall_geteuid(void)
{
	return 0;
}

long uk_syscall_getegid(void)
{
	return 0;
}
