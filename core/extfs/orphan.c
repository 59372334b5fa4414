/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Inodes without a name that are in use. On the disk they are a list, so that a mount after a crash finds and frees them: the superblock has the
 * newest, and each the next where others have the time of their deletion.
 */
#include <core/errno.h>
#include <core/log.h>

#include "internal.h"

void ext_orphan_add(struct ext_inode *inode)
{
	struct ext_fs *fs = to_fs(inode->base.sb);

	inode->next_orphan = ext_super(fs)->last_orphan;
	ext_super(fs)->last_orphan = (uint32_t)inode->base.ino;
	list_push_front(&fs->orphans, &inode->orphan);
	ext_dirty_meta(fs, fs->super);
	ext_inode_write(inode);
}

void ext_orphan_remove(struct ext_inode *inode)
{
	struct ext_fs *fs = to_fs(inode->base.sb);

	if (list_empty(&inode->orphan))
		return;
	if (inode->orphan.prev == &fs->orphans) {
		ext_super(fs)->last_orphan = inode->next_orphan;
		ext_dirty_meta(fs, fs->super);
	} else {
		struct ext_inode *newer = container_of(inode->orphan.prev, struct ext_inode, orphan);

		newer->next_orphan = inode->next_orphan;
		ext_inode_write(newer);
	}
	list_del(&inode->orphan);
	inode->next_orphan = 0;
	ext_inode_write(inode);
}

/* The newest: free it, or cut it to its size. *@next: the one behind it. */
static int finish(struct ext_fs *fs, uint32_t ino, uint32_t *next)
{
	struct inode *inode;
	int ret = ext_inode_get(fs, ino, &inode);

	if (ret)
		return ret;
	*next = to_ext(inode)->next_orphan;
	list_push_front(&fs->orphans, &to_ext(inode)->orphan);
	if (inode->nlink)
		ret = ext_begin(fs);
	if (!ret && inode->nlink) {
		if (S_ISREG(inode->mode))
			ret = ext_shorten(to_ext(inode), (uint64_t)inode->size);
		ext_orphan_remove(to_ext(inode));
		ext_end(fs);
	}
	inode_put(inode);
	return ret;
}

int ext_orphans_finish(struct ext_fs *fs)
{
	uint32_t ino = ext_super(fs)->last_orphan, count = 0;
	int ret = 0;

	while (!ret && ino) {
		ret = count++ < fs->inodes ? finish(fs, ino, &ino) : -EIO;
		if (!ret && ext_super(fs)->last_orphan != ino)
			ret = -EIO;
	}
	if (ret)
		return ext_damaged(fs, "the list of inodes without a name, at", ino);
	if (count)
		pr_info("%s: %u files were freed that had no name", fs->dev->name, count);
	return 0;
}
