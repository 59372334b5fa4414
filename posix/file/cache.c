/* SPDX-License-Identifier: BSD-3-Clause */
/* Calls about what a page cache holds, which is not there: all data is where it belongs as soon as it is written. */
#include <posix/calls.h>

#include "internal.h"

#define SYNC_FILE_RANGE_FLAGS 7

long sys_syncfs(int fd)
{
	struct file *f = fd_get(fd);
	long ret = 0;

	if (!f)
		return -EBADF;
	if (f->flags & O_PATH)
		ret = -EBADF;
	else if (f->ops->fsync)
		ret = f->ops->fsync(f, false);
	file_put(f);
	return ret;
}

long sys_sync_file_range(int fd, int64_t offset, int64_t len, unsigned flags)
{
	struct file *f;
	long ret = 0;

	if ((flags & ~SYNC_FILE_RANGE_FLAGS) || offset < 0 || len < 0 || offset + (uint64_t)len > INT64_MAX)
		return -EINVAL;
	f = fd_get(fd);
	if (!f)
		return -EBADF;
	if (f->flags & O_PATH)
		ret = -EBADF;
	else if (!f->inode || S_ISFIFO(f->inode->mode) || S_ISCHR(f->inode->mode))
		ret = -ESPIPE;
	else if (flags && f->ops->fsync)
		ret = f->ops->fsync(f, true);
	file_put(f);
	return ret;
}

long sys_readahead(int fd, int64_t offset __unused, size_t count __unused)
{
	struct file *f = fd_get(fd);
	long ret = 0;

	if (!f)
		return -EBADF;
	if (!file_readable(f))
		ret = -EBADF;
	else if (!f->inode || !(S_ISREG(f->inode->mode) || S_ISBLK(f->inode->mode)))
		ret = -EINVAL;
	file_put(f);
	return ret;
}
