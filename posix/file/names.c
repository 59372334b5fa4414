/* SPDX-License-Identifier: BSD-3-Clause */
/* Making, linking, renaming and removing names. */
#include <core/string.h>
#include <uk/syscall.h>

#include "internal.h"

static long make_at(long dirfd, long path, const struct inode_spec *spec)
{
	struct inode *base;
	long ret = at_base(dirfd, (const char *)path, &base);

	if (ret)
		return ret;
	ret = vfs_make(base, (const char *)path, spec, NULL);
	inode_put(base);
	return ret;
}

long uk_syscall_mkdirat(long dirfd, long path, long mode)
{
	struct inode_spec spec = { .mode = S_IFDIR | (umask_apply(mode) & (S_IRWXUGO | S_ISVTX)) };

	return make_at(dirfd, path, &spec);
}

long uk_syscall_mkdir(long path, long mode)
{
	return uk_syscall_mkdirat(AT_FDCWD, path, mode);
}

long uk_syscall_symlinkat(long target, long dirfd, long path)
{
	struct inode_spec spec = { .mode = S_IFLNK | S_IRWXUGO, .target = (const char *)target };

	if (!target)
		return -EFAULT;
	if (!*spec.target)
		return -ENOENT;
	if (strnlen(spec.target, PATH_MAX) == PATH_MAX)
		return -ENAMETOOLONG;
	return make_at(dirfd, path, &spec);
}

long uk_syscall_symlink(long target, long path)
{
	return uk_syscall_symlinkat(target, AT_FDCWD, path);
}

long uk_syscall_unlinkat(long dirfd, long path, long flags)
{
	struct inode *base;
	long ret;

	if (flags & ~AT_REMOVEDIR)
		return -EINVAL;
	ret = at_base(dirfd, (const char *)path, &base);
	if (ret)
		return ret;
	ret = vfs_unlink(base, (const char *)path, flags & AT_REMOVEDIR);
	inode_put(base);
	return ret;
}

long uk_syscall_unlink(long path)
{
	return uk_syscall_unlinkat(AT_FDCWD, path, 0);
}

long uk_syscall_rmdir(long path)
{
	return uk_syscall_unlinkat(AT_FDCWD, path, AT_REMOVEDIR);
}

long uk_syscall_linkat(long olddir, long old, long newdir, long new, long flags)
{
	struct inode *from, *to;
	long ret;

	if (flags & ~AT_SYMLINK_FOLLOW)
		return -EINVAL;
	ret = at_base(olddir, (const char *)old, &from);
	if (ret)
		return ret;
	ret = at_base(newdir, (const char *)new, &to);
	if (!ret) {
		ret = vfs_link(from, (const char *)old, flags ? WALK_FOLLOW : 0, to, (const char *)new);
		inode_put(to);
	}
	inode_put(from);
	return ret;
}

long uk_syscall_link(long old, long new)
{
	return uk_syscall_linkat(AT_FDCWD, old, AT_FDCWD, new, 0);
}

long uk_syscall_renameat2(long olddir, long old, long newdir, long new, long flags)
{
	struct inode *from, *to;
	long ret = at_base(olddir, (const char *)old, &from);

	if (ret)
		return ret;
	ret = at_base(newdir, (const char *)new, &to);
	if (!ret) {
		ret = vfs_rename(from, (const char *)old, to, (const char *)new, (unsigned)flags);
		inode_put(to);
	}
	inode_put(from);
	return ret;
}

long uk_syscall_renameat(long olddir, long old, long newdir, long new)
{
	return uk_syscall_renameat2(olddir, old, newdir, new, 0);
}

long uk_syscall_rename(long old, long new)
{
	return uk_syscall_renameat2(AT_FDCWD, old, AT_FDCWD, new, 0);
}

long uk_syscall_readlinkat(long dirfd, long path, long buf, long size)
{
	struct inode *inode;
	long ret;

	if ((int)size <= 0)
		return -EINVAL;
	ret = at_lookup(dirfd, (const char *)path, AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH, &inode);
	if (ret)
		return ret;
	if (S_ISLNK(inode->mode)) {
		ret = MIN((long)strlen(inode->target), (long)(int)size);
		memcpy((void *)buf, inode->target, ret);
	} else {
		ret = path && *(const char *)path ? -EINVAL : -ENOENT;
	}
	inode_put(inode);
	return ret;
}

long uk_syscall_readlink(long path, long buf, long size)
{
	return uk_syscall_readlinkat(AT_FDCWD, path, buf, size);
}
