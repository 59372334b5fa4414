/* SPDX-License-Identifier: BSD-3-Clause */
/* Moving names: one transaction, so that after a crash the file has the old one or the new one. Under vfs_lock(). */
#include <core/errno.h>

#include "internal.h"

/* Count the directory as one of @to's, on the disk. */
static int move_dir(struct inode *from, struct inode *to, struct inode *inode)
{
	int ret = ext_dir_set_parent(to_ext(inode), (uint32_t)to->ino);

	if (ret)
		return ret;
	from->nlink -= from->nlink > 2;
	to->nlink += to->nlink != 1;
	ext_inode_write(to_ext(from));
	ext_inode_write(to_ext(to));
	return 0;
}

static int put_name(struct inode *to, struct name new, struct inode *inode, struct inode *target)
{
	uint32_t ino = (uint32_t)inode->ino;

	if (target)
		return ext_dir_replace(to_ext(to), new, ino, inode->mode);
	return ext_dir_add(to_ext(to), new, ino, inode->mode);
}

static int move(struct inode *from, struct name old, struct inode *to, struct name new, struct inode *inode,
                struct inode *target)
{
	bool moves = S_ISDIR(inode->mode) && from != to;
	int ret = target && S_ISDIR(target->mode) ? ext_dir_empty(to_ext(target)) : 0;

	if (!ret && moves && !target && to->nlink >= EXT_LINKS_MAX)
		ret = -EMLINK;
	if (!ret)
		ret = put_name(to, new, inode, target);
	if (ret)
		return ret;
	ret = ext_dir_remove(to_ext(from), old);
	if (!ret && moves)
		ret = move_dir(from, to, inode);
	if (ret)
		return ext_damaged(to_fs(from->sb), "a name was moved by half: inode", inode->ino);
	inode_touch(inode, INODE_CTIME);
	ext_inode_write(to_ext(inode));
	if (!target)
		return 0;
	if (S_ISDIR(target->mode)) {
		to->nlink -= to->nlink > 2;
		ext_inode_write(to_ext(to));
	}
	ext_drop_link(to_ext(target));
	return 0;
}

/* The inode's reference to the directory above it moves along. Without the file system's lock. */
static void adopt(struct inode *dir, struct inode *inode)
{
	struct inode *old = inode->parent;

	if (!S_ISDIR(inode->mode) || old == dir)
		return;
	inode->parent = inode_get(dir);
	inode_put(old);
}

int ext_rename(struct inode *from, struct name old, struct inode *to, struct name new, struct inode *inode,
               struct inode *target)
{
	struct ext_fs *fs = to_fs(from->sb);
	int ret = ext_begin(fs);

	if (ret)
		return ret;
	ret = move(from, old, to, new, inode, target);
	if (ext_retry(fs, ret))
		ret = move(from, old, to, new, inode, target);
	ext_end(fs);
	if (!ret)
		adopt(to, inode);
	return ret;
}

static int find_inode(struct inode *dir, struct name name, struct inode **out)
{
	struct ext_fs *fs = to_fs(dir->sb);
	struct ext_place p;
	int ret = ext_dir_find(to_ext(dir), name, &p);

	if (ret)
		return ret;
	uint32_t ino = p.entry->ino;

	ext_put(fs, p.buf);
	return ext_inode_get(fs, ino, out);
}

static int swap(struct inode *from, struct name old, struct inode *to, struct name new, struct inode *a, struct inode *b)
{
	int ret = ext_dir_replace(to_ext(from), old, (uint32_t)b->ino, b->mode);

	if (ret)
		return ret;
	ret = ext_dir_replace(to_ext(to), new, (uint32_t)a->ino, a->mode);
	if (!ret && S_ISDIR(a->mode) && from != to)
		ret = move_dir(from, to, a);
	if (!ret && S_ISDIR(b->mode) && from != to)
		ret = move_dir(to, from, b);
	if (ret)
		return ext_damaged(to_fs(from->sb), "names were exchanged by half: inode", a->ino);
	inode_touch(a, INODE_CTIME);
	inode_touch(b, INODE_CTIME);
	ext_inode_write(to_ext(a));
	ext_inode_write(to_ext(b));
	return 0;
}

int ext_exchange(struct inode *from, struct name old, struct inode *to, struct name new)
{
	struct ext_fs *fs = to_fs(from->sb);
	struct inode *a = NULL, *b = NULL;
	int ret = ext_begin(fs);

	if (ret)
		return ret;
	ret = find_inode(from, old, &a);
	if (!ret)
		ret = find_inode(to, new, &b);
	if (!ret)
		ret = swap(from, old, to, new, a, b);
	ext_end(fs);
	if (!ret) {
		adopt(to, a);
		adopt(from, b);
	}
	inode_put(a);
	inode_put(b);
	return ret;
}
