/* SPDX-License-Identifier: BSD-3-Clause */
#include <posix/calls.h>

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

long sys_prlimit64(int pid, int which, const struct rlimit64 *new, struct rlimit64 *old)
{
	if (pid && pid != 1)
		return -ESRCH;
	if (which < 0 || which >= RLIMIT_COUNT)
		return -EINVAL;
	struct rlimit64 before = get(which);
	long ret = new ? set(which, new) : 0;

	if (!ret && old)
		*old = before;
	return ret;
}

long sys_getrlimit(int which, struct rlimit64 *out)
{
	return sys_prlimit64(0, which, 0, out);
}

long sys_setrlimit(int which, const struct rlimit64 *in)
{
	return sys_prlimit64(0, which, in, 0);
}
