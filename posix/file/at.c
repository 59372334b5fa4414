/* SPDX-License-Identifier: BSD-3-Clause */
/* The *at() calls: from a descriptor and a path to an inode. */
#include "internal.h"

int at_base(int dirfd, const char *path, struct inode **base)
{
	struct file *f;
	int ret = 0;

	if (!path)
		return -EFAULT;
	if (*path == '/') {
		*base = inode_get(vfs_root());
		return 0;
	}
	if (dirfd == AT_FDCWD) {
		*base = cwd_get();
		return 0;
	}
	f = fd_get(dirfd);
	if (!f)
		return -EBADF;
	if (f->inode)
		*base = inode_get(f->inode);
	else
		ret = -ENOTDIR;
	file_put(f);
	return ret;
}

int at_lookup(int dirfd, const char *path, int flags, struct inode **out)
{
	struct inode *base;
	int ret;

	/* Since Linux 6.11 a NULL path is an empty one here. */
	if ((flags & AT_EMPTY_PATH) && !path)
		path = "";
	ret = at_base(dirfd, path, &base);
	if (ret)
		return ret;
	if (!*path && (flags & AT_EMPTY_PATH)) {
		*out = base;
		return 0;
	}
	ret = vfs_lookup(base, path, flags & AT_SYMLINK_NOFOLLOW ? 0 : WALK_FOLLOW, out);
	inode_put(base);
	return ret;
}
