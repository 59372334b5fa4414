/* SPDX-License-Identifier: BSD-3-Clause */
/* Waiting for children, of which there are none. */
#include <core/errno.h>
#include <posix/calls.h>

#define WAIT4_FLAGS 0xe000000bu /* WNOHANG, WUNTRACED, WCONTINUED, and Linux's own */
#define WAITID_FLAGS 0xe100000fu
#define WAITID_EVENTS 0x0eu /* WSTOPPED, WEXITED, WCONTINUED */
#define P_PIDFD 3

long sys_wait4(int pid, int *status __unused, int flags, void *usage __unused)
{
	if ((unsigned)flags & ~WAIT4_FLAGS)
		return -EINVAL;
	return pid == INT32_MIN ? -ESRCH : -ECHILD;
}

long sys_waitid(int kind, int id, void *info __unused, int flags, void *usage __unused)
{
	if (((unsigned)flags & ~WAITID_FLAGS) || !(flags & WAITID_EVENTS) || kind < 0 || kind > P_PIDFD)
		return -EINVAL;
	if (kind == P_PIDFD)
		return id < 0 ? -EINVAL : -EBADF;
	return kind == 1 && id <= 0 ? -EINVAL : -ECHILD;
}
