/* SPDX-License-Identifier: BSD-3-Clause */
/* rename(2): the checks; the file system moves the entry. */
#include <core/errno.h>
#include <core/vfs.h>

#include "internal.h"

/* Is @dir @inode or below it? */
static bool is_below(struct inode *dir, const struct inode *inode)
{
	for (;;) {
		struct inode *up;

		if (dir == inode)
			return true;
		up = dir_parent(dir);
		if (up == dir)
			return false;
		dir = up;
	}
}

static int check_types(const struct walk *from, const struct walk *to)
{
	bool dir = S_ISDIR(from->inode->mode);

	if (!dir && (from->slash || to->slash))
		return -ENOTDIR;
	if (to->inode && dir != S_ISDIR(to->inode->mode))
		return dir ? -ENOTDIR : -EISDIR;
	if (dir && is_below(to->dir, from->inode))
		return -EINVAL;
	if (to->inode && S_ISDIR(to->inode->mode) && is_below(from->dir, to->inode))
		return -ENOTEMPTY;
	return 0;
}

static int check(const struct walk *from, const struct walk *to, unsigned flags)
{
	if (from->kind != WALK_NAME || to->kind != WALK_NAME)
		return -EBUSY;
	if (!from->inode)
		return -ENOENT;
	if (from->dir->sb != to->dir->sb)
		return -EXDEV;
	if (from->inode == from->inode->sb->root || (to->inode && to->inode == to->inode->sb->root))
		return -EBUSY;
	if (!to->dir->nlink)
		return -ENOENT;
	if (to->inode && (flags & RENAME_NOREPLACE))
		return -EEXIST;
	return check_types(from, to);
}

int vfs_rename(struct inode *old_base, const char *old, struct inode *new_base, const char *new, unsigned flags)
{
	struct walk from, to;
	int ret;

	if (flags & ~RENAME_NOREPLACE)
		return -EINVAL;
	vfs_lock();
	ret = vfs_walk(old_base, old, WALK_PARENT, &from);
	if (!ret)
		ret = vfs_walk(new_base, new, WALK_PARENT, &to);
	if (!ret)
		ret = check(&from, &to, flags);
	/* Two names of one file: nothing happens, says POSIX. */
	if (!ret && from.inode != to.inode)
		ret = from.dir->ops->rename(from.dir, from.name, to.dir, to.name, from.inode, to.inode);
	vfs_unlock();
	return ret;
}
