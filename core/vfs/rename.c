/* SPDX-License-Identifier: BSD-3-Clause */
/* rename(2): the checks; the file system moves the entry. */
#include <core/errno.h>
#include <core/notify.h>
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

/* For an exchange types may differ, and what holds for the source holds for the target. */
static int check_exchange(const struct walk *from, const struct walk *to)
{
	if ((from->slash && !S_ISDIR(from->inode->mode)) || (to->slash && !S_ISDIR(to->inode->mode)))
		return -ENOTDIR;
	return is_below(to->dir, from->inode) || is_below(from->dir, to->inode) ? -EINVAL : 0;
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
	if (!(flags & RENAME_EXCHANGE))
		return check_types(from, to);
	return to->inode ? check_exchange(from, to) : -ENOENT;
}

static int move(const struct walk *from, const struct walk *to, unsigned flags)
{
	const struct inode_ops *ops = from->dir->ops;

	if (!(flags & RENAME_EXCHANGE))
		return ops->rename(from->dir, from->name, to->dir, to->name, from->inode, to->inode);
	return ops->exchange ? ops->exchange(from->dir, from->name, to->dir, to->name) : -EINVAL;
}

static void tell_moved(const struct walk *from, const struct walk *to, struct inode *inode)
{
	uint32_t cookie = notify_cookie();
	bool is_dir = S_ISDIR(inode->mode);

	notify_name(from->dir, from->name, is_dir, IN_MOVED_FROM, cookie);
	notify_name(to->dir, to->name, is_dir, IN_MOVED_TO, cookie);
}

/* Move, and tell who watches. The target's last events are Linux's last, too. */
static int move_and_tell(const struct walk *from, const struct walk *to, unsigned flags)
{
	struct inode *target = to->inode;
	bool exchange = flags & RENAME_EXCHANGE;

	if (target)
		inode_get(target);
	int ret = move(from, to, flags);

	if (!ret) {
		place_moved(from->inode, from->dir, from->name, to->dir, to->name);
		if (exchange)
			place_moved(target, to->dir, to->name, from->dir, from->name);
		tell_moved(from, to, from->inode);
		if (target && !exchange)
			notify_self(target, IN_ATTRIB);
		notify_self(from->inode, IN_MOVE_SELF);
		if (exchange) {
			tell_moved(to, from, target);
			notify_self(target, IN_MOVE_SELF);
		}
	}
	inode_put(target);
	return ret;
}

int vfs_rename(struct inode *old_base, const char *old, struct inode *new_base, const char *new, unsigned flags)
{
	struct walk from, to;
	int ret;

	/* One or none: to keep a target and to exchange with it contradict each other. */
	if (flags && flags != RENAME_NOREPLACE && flags != RENAME_EXCHANGE)
		return -EINVAL;
	vfs_lock();
	ret = vfs_walk(old_base, old, WALK_PARENT, &from);
	if (!ret)
		ret = vfs_walk(new_base, new, WALK_PARENT, &to);
	if (!ret)
		ret = check(&from, &to, flags);
	/* Two names of one file: nothing happens, says POSIX. */
	if (!ret && from.inode != to.inode)
		ret = move_and_tell(&from, &to, flags);
	vfs_unlock();
	return ret;
}
