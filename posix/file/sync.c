/* SPDX-License-Identifier: BSD-3-Clause */
/* Nothing is cached on the way to a block device but its own cache; file systems on disks, core/extfs, cache. */
#include <posix/calls.h>

#include "internal.h"

static long sync_file(int fd, bool data_only)
{
	struct file *f = fd_get(fd);
	long ret;

	if (!f)
		return -EBADF;
	if (f->flags & O_PATH)
		ret = -EBADF;
	else if (f->ops->fsync)
		ret = f->ops->fsync(f, data_only);
	else
		ret = f->inode && !S_ISFIFO(f->inode->mode) ? 0 : -EINVAL;
	file_put(f);
	return ret;
}

long sys_fsync(int fd)
{
	return sync_file(fd, false);
}

long sys_fdatasync(int fd)
{
	return sync_file(fd, true);
}

long sys_sync(void)
{
	vfs_sync(); /* who wants to know whether it worked calls fsync(2) or syncfs(2) */
	return 0;
}
