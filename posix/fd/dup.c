/* SPDX-License-Identifier: BSD-3-Clause */
/* dup and close. */
#include <posix/calls.h>

#include "internal.h"

long sys_close(int fd)
{
	struct file *f = fd_remove(fd);

	if (!f)
		return -EBADF;
	file_put(f);
	return 0;
}

long sys_close_range(unsigned first, unsigned last, unsigned flags)
{
	unsigned from = first, to = last;
	int top = fd_highest();

	if (from > to || (flags & ~(CLOSE_RANGE_UNSHARE | CLOSE_RANGE_CLOEXEC)))
		return -EINVAL;
	for (unsigned fd = from; (int)fd <= top && fd <= to && fd < FD_LIMIT_MAX; fd++) {
		if (flags & CLOSE_RANGE_CLOEXEC)
			fd_set_cloexec(fd, true);
		else
			sys_close(fd);
	}
	return 0;
}

long sys_dup(int fd)
{
	struct file *f = fd_get(fd);

	return f ? fd_install(f, false) : -EBADF;
}

static long dup_to(int from, int to, bool cloexec)
{
	struct file *f = fd_get(from), *old;
	int ret;

	if (!f)
		return -EBADF;
	ret = fd_replace(to, f, cloexec, &old);
	if (ret)
		file_put(f);
	if (old)
		file_put(old);
	return ret ? ret : to;
}

long sys_dup2(int from, int to)
{
	if (from == to)
		return fd_get_cloexec(from) < 0 ? -EBADF : to;
	return dup_to(from, to, false);
}

long sys_dup3(int from, int to, int flags)
{
	if (from == to || (flags & ~O_CLOEXEC))
		return -EINVAL;
	return dup_to(from, to, flags & O_CLOEXEC);
}
