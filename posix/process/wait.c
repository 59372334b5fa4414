/* SPDX-License-Identifier: BSD-3-Clause */
/* Waiting for children, of which there are none. */
#include <abi/wait.h>
#include <core/errno.h>
#include <posix/calls.h>

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
	return kind == P_PID && id <= 0 ? -EINVAL : -ECHILD;
}
