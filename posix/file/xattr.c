/* SPDX-License-Identifier: BSD-3-Clause */
/* Extended attributes: no file system keeps any. The errors are those of Linux for one that has none: EOPNOTSUPP, and an empty list. */
#include <core/string.h>
#include <posix/calls.h>

#include "internal.h"

#define XATTR_NAME_MAX 255

/* What names the file must be right first. */
static long check_path(const char *path, int flags)
{
	struct inode *inode;
	long ret = at_lookup(AT_FDCWD, path, flags, &inode);

	if (!ret)
		inode_put(inode);
	return ret;
}

static long check_fd(int fd)
{
	struct file *f = fd_get(fd);
	bool good = f && !(f->flags & O_PATH);

	if (f)
		file_put(f);
	return good ? 0 : -EBADF;
}

static long refuse(long ret, const char *name)
{
	if (!name)
		return -EFAULT;
	if (!*name || strnlen(name, XATTR_NAME_MAX + 1) > XATTR_NAME_MAX)
		return -ERANGE;
	return ret ? ret : -EOPNOTSUPP;
}

long sys_setxattr(const char *path, const char *name, const void *value __unused, size_t size __unused, int flags __unused)
{
	return refuse(check_path(path, 0), name);
}

long sys_lsetxattr(const char *path, const char *name, const void *value __unused, size_t size __unused, int flags __unused)
{
	return refuse(check_path(path, AT_SYMLINK_NOFOLLOW), name);
}

long sys_fsetxattr(int fd, const char *name, const void *value __unused, size_t size __unused, int flags __unused)
{
	return refuse(check_fd(fd), name);
}

long sys_getxattr(const char *path, const char *name, void *value __unused, size_t size __unused)
{
	return refuse(check_path(path, 0), name);
}

long sys_lgetxattr(const char *path, const char *name, void *value __unused, size_t size __unused)
{
	return refuse(check_path(path, AT_SYMLINK_NOFOLLOW), name);
}

long sys_fgetxattr(int fd, const char *name, void *value __unused, size_t size __unused)
{
	return refuse(check_fd(fd), name);
}

long sys_removexattr(const char *path, const char *name)
{
	return refuse(check_path(path, 0), name);
}

long sys_lremovexattr(const char *path, const char *name)
{
	return refuse(check_path(path, AT_SYMLINK_NOFOLLOW), name);
}

long sys_fremovexattr(int fd, const char *name)
{
	return refuse(check_fd(fd), name);
}

long sys_listxattr(const char *path, char *list __unused, size_t size __unused)
{
	return check_path(path, 0);
}

long sys_llistxattr(const char *path, char *list __unused, size_t size __unused)
{
	return check_path(path, AT_SYMLINK_NOFOLLOW);
}

long sys_flistxattr(int fd, char *list __unused, size_t size __unused)
{
	return check_fd(fd);
}
