/* SPDX-License-Identifier: BSD-3-Clause */
#include <uk/syscall.h>

#include <abi/resource.h>
#include <core/boot.h>
#include <core/errno.h>
#include <posix/fd.h>

#include "internal.h"

static struct rlimit64 get(long which)
{
	switch (which) {
	case RLIMIT_STACK:
		return (struct rlimit64){ BOOT_STACK_SIZE, BOOT_STACK_SIZE };
	case RLIMIT_CORE:
		return (struct rlimit64){ 0, 0 };
	case RLIMIT_NOFILE:
		return (struct rlimit64){ fd_limit, FD_LIMIT_MAX };
	default:
		return (struct rlimit64){ UINT64_MAX, UINT64_MAX };
	}
}

/* Only the number of descriptors can be changed; setting another limit to what it is succeeds. */
static long set(long which, const struct rlimit64 *new)
{
	struct rlimit64 now = get(which);

	if (new->soft > new->hard)
		return -EINVAL;
	if (new->hard > now.hard)
		return -EPERM;
	if (which == RLIMIT_NOFILE)
		fd_limit = new->soft;
	else if (new->soft != now.soft)
		return -EPERM;
	return 0;
}

long uk_syscall_prlimit64(long pid, long which, long new, long old)
{
	if (pid && pid != 1)
		return -ESRCH;
	if (which < 0 || which >= RLIMIT_COUNT)
		return -EINVAL;
	struct rlimit64 before = get(which);
	long ret = new ? set(which, (const struct rlimit64 *)new) : 0;

	if (!ret && old)
		*(struct rlimit64 *)old = before;
	return ret;
}

long uk_syscall_getrlimit(long which, long out)
{
	return uk_syscall_prlimit64(0, which, 0, out);
}

long uk_syscall_setrlimit(long which, long in)
{
	return uk_syscall_prlimit64(0, which, in, 0);
}
