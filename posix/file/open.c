/* SPDX-License-Identifier: BSD-3-Clause */
#include <posix/calls.h>

#include "internal.h"

long sys_openat(int dirfd, const char *path, int flags, unsigned mode)
{
	struct inode *base;
	struct file *f;
	int fd = fd_reserve(), ret; /* before anything is made or cut */

	if (fd < 0)
		return fd;
	ret = at_base(dirfd, path, &base);
	if (!ret) {
		ret = vfs_open(base, path, (unsigned)flags, umask_apply(mode), &f);
		inode_put(base);
	}
	if (ret) {
		fd_cancel(fd);
		return ret;
	}
	fd_publish(fd, f, flags & O_CLOEXEC);
	return fd;
}

long sys_open(const char *path, int flags, unsigned mode)
{
	return sys_openat(AT_FDCWD, path, flags, mode);
}

long sys_creat(const char *path, unsigned mode)
{
	return sys_openat(AT_FDCWD, path, O_CREAT | O_WRONLY | O_TRUNC, mode);
}
