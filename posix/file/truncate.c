/* SPDX-License-Identifier: BSD-3-Clause */
/* truncate, ftruncate, fallocate. */
#include <core/notify.h>
#include <posix/calls.h>

#include "internal.h"

#define FALLOC_KNOWN (FALLOC_FL_KEEP_SIZE | FALLOC_FL_PUNCH_HOLE | FALLOC_FL_ZERO_RANGE)

long sys_truncate(const char *path, int64_t size)
{
	struct inode *inode;
	long ret;

	if (size < 0)
		return -EINVAL;
	ret = at_lookup(AT_FDCWD, path, 0, &inode);
	if (ret)
		return ret;
	ret = inode_truncate(inode, size);
	if (!ret)
		notify_inode(inode, IN_MODIFY);
	inode_put(inode);
	return ret;
}

long sys_ftruncate(int fd, int64_t size)
{
	struct file *f;
	long ret;

	if (size < 0)
		return -EINVAL;
	f = fd_get(fd);
	if (!f)
		return -EBADF;
	if (f->flags & O_PATH)
		ret = -EBADF;
	else if (!file_writable(f) || !f->ops->truncate)
		ret = -EINVAL;
	else
		ret = f->ops->truncate(f, size);
	if (!ret)
		notify_file(f, IN_MODIFY);
	file_put(f);
	return ret;
}

static long check_fallocate(struct file *f, long mode, long offset, long len)
{
	if (offset < 0 || len <= 0)
		return -EINVAL;
	if (!file_writable(f))
		return -EBADF;
	if ((mode & ~FALLOC_KNOWN) || ((mode & FALLOC_FL_PUNCH_HOLE) && mode != (FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE)))
		return -EOPNOTSUPP;
	if (offset + (unsigned long)len > INT64_MAX)
		return -EFBIG;
	if (!f->ops->seek)
		return -ESPIPE;
	return f->ops->fallocate ? 0 : f->inode ? -EOPNOTSUPP : -ENODEV;
}

long sys_fallocate(int fd, int mode, int64_t offset, int64_t len)
{
	struct file *f = fd_get(fd);
	long ret;

	if (!f)
		return -EBADF;
	ret = check_fallocate(f, mode, offset, len);
	if (!ret)
		ret = f->ops->fallocate(f, mode, offset, len);
	if (!ret)
		notify_file(f, IN_MODIFY);
	file_put(f);
	return ret;
}
