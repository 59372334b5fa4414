/* SPDX-License-Identifier: BSD-3-Clause */
/* Nothing is cached on the way to a block device, so all there is to do is to flush the device's own cache. */
#include <uk/syscall.h>

#include "internal.h"

static long sync_file(long fd, bool data_only)
{
	struct file *f = fd_get((int)fd);
	long ret;

	if (!f)
		return -EBADF;
	if (f->flags & O_PATH)
		ret = -EBADF;
	else if (f->ops->fsync)
		ret = f->ops->fsync(f, data_only);
	else
		ret = f->inode ? 0 : -EINVAL;
	file_put(f);
	return ret;
}

long uk_syscall_fsync(long fd)
{
	return sync_file(fd, false);
}

long uk_syscall_fdatasync(long fd)
{
	return sync_file(fd, true);
}

long uk_syscall_sync(void)
{
	return 0;
}
