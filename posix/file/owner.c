/* SPDX-License-Identifier: BSD-3-Clause */
/* chown() and its siblings by path. */
#include <posix/calls.h>

#include "internal.h"

long sys_fchownat(int dirfd, const char *path, uint32_t uid, uint32_t gid, int flags)
{
	struct inode *inode;
	long ret;

	if (flags & ~(AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH))
		return -EINVAL;
	ret = at_lookup(dirfd, path, flags, &inode);
	if (ret)
		return ret;
	ret = inode_set_owner(inode, uid, gid);
	inode_put(inode);
	return ret;
}

long sys_lchown(const char *path, uint32_t uid, uint32_t gid)
{
	return sys_fchownat(AT_FDCWD, path, uid, gid, AT_SYMLINK_NOFOLLOW);
}
