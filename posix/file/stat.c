/* SPDX-License-Identifier: BSD-3-Clause */
/* stat, access, statfs and their siblings. */
#include <core/string.h>
#include <posix/calls.h>

#include "internal.h"

#define X_OK 1
#define ANY_OK 7

#define ANON_INODE_FS_MAGIC 0x09041934
#define PIPEFS_MAGIC 0x50495045
#define SOCKFS_MAGIC 0x534f434b

long sys_fstat(int fd, struct stat *st)
{
	struct file *f = fd_get(fd);

	if (!f)
		return -EBADF;
	long ret = file_stat(f, st);

	file_put(f);
	return ret;
}

long sys_newfstatat(int dirfd, const char *path, struct stat *st, int flags)
{
	const char *p = path;
	struct inode *inode;
	int ret;

	if (flags & ~(AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH | AT_NO_AUTOMOUNT))
		return -EINVAL;
	/* A descriptor may be a file without an inode: a pipe, a socket. */
	if ((flags & AT_EMPTY_PATH) && (!p || !*p) && dirfd != AT_FDCWD)
		return sys_fstat(dirfd, st);
	ret = at_lookup(dirfd, p, flags, &inode);
	if (ret)
		return ret;
	ret = inode_stat(inode, st);
	inode_put(inode);
	return ret;
}

long sys_stat(const char *path, struct stat *st)
{
	return sys_newfstatat(AT_FDCWD, path, st, 0);
}

long sys_lstat(const char *path, struct stat *st)
{
	return sys_newfstatat(AT_FDCWD, path, st, AT_SYMLINK_NOFOLLOW);
}

/* Root may do everything, except execute what nobody may execute. */
long sys_faccessat2(int dirfd, const char *path, int mode, int flags)
{
	struct inode *inode;
	long ret;

	if ((mode & ~ANY_OK) || (flags & ~(AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH | AT_EACCESS)))
		return -EINVAL;
	ret = at_lookup(dirfd, path, flags, &inode);
	if (ret)
		return ret;
	if ((mode & X_OK) && !S_ISDIR(inode->mode) && !(inode->mode & 0111))
		ret = -EACCES;
	inode_put(inode);
	return ret;
}

long sys_faccessat(int dirfd, const char *path, int mode)
{
	return sys_faccessat2(dirfd, path, mode, 0);
}

long sys_access(const char *path, int mode)
{
	return sys_faccessat2(AT_FDCWD, path, mode, 0);
}

static int fill_statfs(struct superblock *sb, struct statfs *st)
{
	memset(st, 0, sizeof(*st));
	return sb->root->ops->statfs(sb, st);
}

long sys_statfs(const char *path, struct statfs *st)
{
	struct inode *inode;
	int ret = at_lookup(AT_FDCWD, path, 0, &inode);

	if (ret)
		return ret;
	ret = fill_statfs(inode->sb, st);
	inode_put(inode);
	return ret;
}

/* Of a file that no file system has, by its kind; numbers of Linux'. */
static long describe_nowhere(struct file *f, struct statfs *st)
{
	struct stat s;
	int ret = file_stat(f, &s);

	if (ret)
		return ret;
	*st = (struct statfs){
		.f_type = S_ISFIFO(s.st_mode)   ? PIPEFS_MAGIC
		          : S_ISSOCK(s.st_mode) ? SOCKFS_MAGIC
		                                : ANON_INODE_FS_MAGIC,
		.f_bsize = PAGE_SIZE,
		.f_frsize = PAGE_SIZE,
		.f_namelen = NAME_MAX,
	};
	return 0;
}

long sys_fstatfs(int fd, struct statfs *st)
{
	struct file *f = fd_get(fd);
	long ret = 0;

	if (!f)
		return -EBADF;
	if (f->inode)
		ret = fill_statfs(f->inode->sb, st);
	else
		ret = describe_nowhere(f, st);
	file_put(f);
	return ret;
}
