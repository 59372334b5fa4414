/* SPDX-License-Identifier: BSD-3-Clause */
#include <uk/syscall.h>

#include "internal.h"

long uk_syscall_openat(long dirfd, long path, long flags, long mode)
{
	struct inode *base;
	struct file *f;
	int ret = at_base(dirfd, (const char *)path, &base);

	if (ret)
		return ret;
	ret = vfs_open(base, (const char *)path, (unsigned)flags, umask_apply(mode), &f);
	inode_put(base);
	return ret ? ret : fd_install(f, flags & O_CLOEXEC);
}

long uk_syscall_open(long path, long flags, long mode)
{
	return uk_syscall_openat(AT_FDCWD, path, flags, mode);
}

long uk_syscall_creat(long path, long mode)
{
	return uk_syscall_openat(AT_FDCWD, path, O_CREAT | O_WRONLY | O_TRUNC, mode);
}
