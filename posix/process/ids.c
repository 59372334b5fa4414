/* SPDX-License-Identifier: BSD-3-Clause */
/* One process, one user: 1 and root. */
#include <uk/syscall.h>

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
