/* SPDX-License-Identifier: BSD-3-Clause */
/* Making, linking, renaming and removing names. */
#include <core/string.h>
#include <posix/calls.h>

#include "internal.h"

static long make_at(int dirfd, const char *path, const struct inode_spec *spec)
{
	struct inode *base;
	long ret = at_base(dirfd, path, &base);

	if (ret)
		return ret;
	ret = vfs_make(base, path, spec, NULL);
	inode_put(base);
	return ret;
}

long sys_mkdirat(int dirfd, const char *path, unsigned mode)
{
	struct inode_spec spec = { .mode = S_IFDIR | (umask_apply(mode) & (S_IRWXUGO | S_ISVTX)) };

	return make_at(dirfd, path, &spec);
}

long sys_mkdir(const char *path, unsigned mode)
{
	return sys_mkdirat(AT_FDCWD, path, mode);
}

/* A type of 0 means a regular file. */
long sys_mknodat(int dirfd, const char *path, unsigned mode, unsigned rdev)
{
	uint32_t type = mode & S_IFMT ? mode & S_IFMT : S_IFREG;
	struct inode_spec spec = { .mode = type | umask_apply(mode) };

	switch (type) {
	case S_IFCHR:
	case S_IFBLK:
		spec.rdev = rdev;
		/* fallthrough */
	case S_IFREG:
	case S_IFIFO:
	case S_IFSOCK:
		return make_at(dirfd, path, &spec);
	case S_IFDIR:
		return -EPERM;
	default:
		return -EINVAL;
	}
}

long sys_mknod(const char *path, unsigned mode, unsigned rdev)
{
	return sys_mknodat(AT_FDCWD, path, mode, rdev);
}

long sys_symlinkat(const char *target, int dirfd, const char *path)
{
	struct inode_spec spec = { .mode = S_IFLNK | S_IRWXUGO, .target = target };

	if (!target)
		return -EFAULT;
	if (!*spec.target)
		return -ENOENT;
	if (strnlen(spec.target, PATH_MAX) == PATH_MAX)
		return -ENAMETOOLONG;
	return make_at(dirfd, path, &spec);
}

long sys_symlink(const char *target, const char *path)
{
	return sys_symlinkat(target, AT_FDCWD, path);
}

long sys_unlinkat(int dirfd, const char *path, int flags)
{
	struct inode *base;
	long ret;

	if (flags & ~AT_REMOVEDIR)
		return -EINVAL;
	ret = at_base(dirfd, path, &base);
	if (ret)
		return ret;
	ret = vfs_unlink(base, path, flags & AT_REMOVEDIR);
	inode_put(base);
	return ret;
}

long sys_unlink(const char *path)
{
	return sys_unlinkat(AT_FDCWD, path, 0);
}

long sys_rmdir(const char *path)
{
	return sys_unlinkat(AT_FDCWD, path, AT_REMOVEDIR);
}

/* What AT_EMPTY_PATH means: the descriptor's own file, which may come from O_TMPFILE. */
static int link_inode(struct inode *inode, struct inode *base, const char *path)
{
	int ret;

	vfs_lock();
	ret = vfs_link_inode(inode, base, path);
	vfs_unlock();
	return ret;
}

long sys_linkat(int olddir, const char *old, int newdir, const char *new, int flags)
{
	struct inode *from, *to;
	long ret;

	if (flags & ~(AT_SYMLINK_FOLLOW | AT_EMPTY_PATH))
		return -EINVAL;
	ret = at_base(olddir, old, &from);
	if (ret)
		return ret;
	ret = at_base(newdir, new, &to);
	if (!ret) {
		if ((flags & AT_EMPTY_PATH) && !*old)
			ret = link_inode(from, to, new);
		else
			ret = vfs_link(from, old, flags & AT_SYMLINK_FOLLOW ? WALK_FOLLOW : 0, to, new);
		inode_put(to);
	}
	inode_put(from);
	return ret;
}

long sys_link(const char *old, const char *new)
{
	return sys_linkat(AT_FDCWD, old, AT_FDCWD, new, 0);
}

long sys_renameat2(int olddir, const char *old, int newdir, const char *new, unsigned flags)
{
	struct inode *from, *to;
	long ret = at_base(olddir, old, &from);

	if (ret)
		return ret;
	ret = at_base(newdir, new, &to);
	if (!ret) {
		ret = vfs_rename(from, old, to, new, flags);
		inode_put(to);
	}
	inode_put(from);
	return ret;
}

long sys_renameat(int olddir, const char *old, int newdir, const char *new)
{
	return sys_renameat2(olddir, old, newdir, new, 0);
}

long sys_rename(const char *old, const char *new)
{
	return sys_renameat2(AT_FDCWD, old, AT_FDCWD, new, 0);
}

long sys_readlinkat(int dirfd, const char *path, char *buf, int size)
{
	struct inode *inode;
	long ret;

	if (size <= 0)
		return -EINVAL;
	ret = at_lookup(dirfd, path, AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH, &inode);
	if (ret)
		return ret;
	if (S_ISLNK(inode->mode)) {
		ret = inode_readlink(inode, buf, size);
	} else {
		ret = path && *path ? -EINVAL : -ENOENT;
	}
	inode_put(inode);
	return ret;
}

long sys_readlink(const char *path, char *buf, int size)
{
	return sys_readlinkat(AT_FDCWD, path, buf, size);
}
