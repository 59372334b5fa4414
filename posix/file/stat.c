/* SPDX-License-Identifier: BSD-3-Clause */
/* stat, access, statfs and their siblings. */
#include <core/string.h>
#include <uk/syscall.h>

#include "internal.h"

#define X_OK 1
#define ANY_OK 7

long uk_syscall_fstat(long fd, long st)
{
	struct file *f = fd_get((int)fd);

	if (!f)
		return -EBADF;
	file_stat(f, (struct stat *)st);
	file_put(f);
	return 0;
}

long uk_syscall_newfstatat(long dirfd, long path, long st, long flags)
{
	const char *p = (const char *)path;
	struct inode *inode;
	int ret;

	if (flags & ~(AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH | AT_NO_AUTOMOUNT))
		return -EINVAL;
	/* A descriptor may be a file without an inode: a pipe, a socket. */
	if ((flags & AT_EMPTY_PATH) && (!p || !*p) && (int)dirfd != AT_FDCWD)
		return uk_syscall_fstat(dirfd, st);
	ret = at_lookup(dirfd, p, flags, &inode);
	if (ret)
		return ret;
	inode_stat(inode, (struct stat *)st);
	inode_put(inode);
	return 0;
}

long uk_syscall_stat(long path, long st)
{
	return uk_syscall_newfstatat(AT_FDCWD, path, st, 0);
}

long uk_syscall_lstat(long path, long st)
{
	return uk_syscall_newfstatat(AT_FDCWD, path, st, AT_SYMLINK_NOFOLLOW);
}

/* Root may do everything, except execute what nobody may execute. */
long uk_syscall_faccessat2(long dirfd, long path, long mode, long flags)
{
	struct inode *inode;
	long ret;

	if ((mode & ~ANY_OK) || (flags & ~(AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH | AT_EACCESS)))
		return -EINVAL;
	ret = at_lookup(dirfd, (const char *)path, flags, &inode);
	if (ret)
		return ret;
	if ((mode & X_OK) && !S_ISDIR(inode->mode) && !(inode->mode & 0111))
		ret = -EACCES;
	inode_put(inode);
	return ret;
}

long uk_syscall_faccessat(long dirfd, long path, long mode)
{
	return uk_syscall_faccessat2(dirfd, path, mode, 0);
}

long uk_syscall_access(long path, long mode)
{
	return uk_syscall_faccessat2(AT_FDCWD, path, mode, 0);
}

static void fill_statfs(struct superblock *sb, struct statfs *st)
{
	memset(st, 0, sizeof(*st));
	sb->root->ops->statfs(sb, st);
}

long uk_syscall_statfs(long path, long st)
{
	struct inode *inode;
	int ret = at_lookup(AT_FDCWD, (const char *)path, 0, &inode);

	if (ret)
		return ret;
	fill_statfs(inode->sb, (struct statfs *)st);
	inode_put(inode);
	return 0;
}

long uk_syscall_fstatfs(long fd, long st)
{
	struct file *f = fd_get((int)fd);
	long ret = 0;

	if (!f)
		return -EBADF;
	if (f->inode)
		fill_statfs(f->inode->sb, (struct statfs *)st);
	else
		ret = -ENOSYS;
	file_put(f);
	return ret;
}
