/* SPDX-License-Identifier: BSD-3-Clause */
/* dup and close. */
#include <uk/syscall.h>

#include "internal.h"

long uk_syscall_close(long fd)
{
	struct file *f = fd_remove((int)fd);

	if (!f)
		return -EBADF;
	file_put(f);
	return 0;
}

long uk_syscall_close_range(long first, long last, long flags)
{
	unsigned from = first, to = last;
	int top = fd_highest();

	if (from > to || (flags & ~(CLOSE_RANGE_UNSHARE | CLOSE_RANGE_CLOEXEC)))
		return -EINVAL;
	for (unsigned fd = from; (int)fd <= top && fd <= to && fd < FD_LIMIT_MAX; fd++) {
		if (flags & CLOSE_RANGE_CLOEXEC)
			fd_set_cloexec(fd, true);
		else
			uk_syscall_close(fd);
	}
	return 0;
}

long uk_syscall_dup(long fd)
{
	struct file *f = fd_get((int)fd);

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

long uk_syscall_dup2(long from, long to)
{
	if ((int)from == (int)to)
		return fd_get_cloexec((int)from) < 0 ? -EBADF : to;
	return dup_to((int)from, (int)to, false);
}

long uk_syscall_dup3(long from, long to, long flags)
{
	if ((int)from == (int)to || (flags & ~O_CLOEXEC))
		return -EINVAL;
	return dup_to((int)from, (int)to, flags & O_CLOEXEC);
}
