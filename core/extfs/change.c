/* SPDX-License-Identifier: BSD-3-Clause */
/* Operations as transactions, and the inode's attributes. */
#include <core/errno.h>
#include <core/log.h>
#include <core/string.h>
#include <core/time.h>

#include "internal.h"

#define EXT_FS_MAGIC 0xef53

int ext_damaged(struct ext_fs *fs, const char *what, uint64_t where)
{
	if (!fs->broken)
		pr_err("%s: %s %llu: the file system is damaged, nothing is written to it any more", fs->dev->name, what,
		       (unsigned long long)where);
	fs->broken = true;
	return -EIO;
}

int ext_begin(struct ext_fs *fs)
{
	int ret = 0;

	if (fs->read_only)
		return -EROFS;
	mutex_lock(&fs->lock);
	if (fs->broken)
		ret = -EIO;
	else if (fs->read_only)
		ret = -EROFS;
	else if (fs->cache.txns > ext_txn_limit(fs))
		ret = ext_commit(fs);
	if (ret)
		mutex_unlock(&fs->lock);
	return ret;
}

#define FEW 64u /* blocks that memory may be short by */

/* Half of the cache may be data that are not on the disk, a quarter what is in the journal only; little of both when memory is short. */
static void balance(struct ext_fs *fs)
{
	size_t max = ext_memory_is_short() ? FEW : fs->cache.max * PAGE_SIZE >> fs->block_shift;
	int ret = 0;

	if (fs->cache.datas > max / 2)
		ret = ext_write_all(fs, BUF_DATA);
	if (!ret && fs->cache.ckpts + fs->cache.txns > max / 4)
		ret = ext_checkpoint(fs);
	if (ret && !fs->broken) {
		pr_err("%s: a write failed: errno %d; nothing is written to it any more", fs->dev->name, -ret);
		fs->broken = true;
	}
}

void ext_end(struct ext_fs *fs)
{
	if (!fs->broken)
		balance(fs);
	mutex_unlock(&fs->lock);
	waitq_wake(&fs->dirty, 0);
}

bool ext_retry(struct ext_fs *fs, int ret)
{
	return ret == -ENOSPC && fs->holding && !fs->broken && !ext_checkpoint(fs);
}

int ext_sync(struct ext_fs *fs, bool data_only)
{
	int ret = 0;

	mutex_lock(&fs->lock);
	if (fs->broken)
		ret = -EIO;
	else if (fs->read_only)
		ret = 0;
	else if (data_only && !fs->cache.needed)
		ret = ext_write_all(fs, BUF_DATA);
	else
		ret = ext_commit(fs);
	if (!ret && !fs->read_only)
		ret = ext_flush(fs);
	if (ret && !fs->broken) {
		pr_err("%s: a write failed: errno %d; nothing is written to it any more", fs->dev->name, -ret);
		fs->broken = true; /* what was said to be written may be lost: never say that all is well later */
	}
	mutex_unlock(&fs->lock);
	return ret;
}

static int change(struct inode *inode, const struct inode_change *c)
{
	struct ext_fs *fs = to_fs(inode->sb);
	int ret = ext_begin(fs);

	if (ret)
		return ret;
	/* What the caller does again with the same values, or a moment later. */
	inode_apply(inode, c);
	ext_inode_write(to_ext(inode));
	ext_end(fs);
	return 0;
}

static uint64_t blocks(struct inode *inode)
{
	return to_ext(inode)->sectors;
}

static int statfs(struct superblock *sb, struct statfs *st)
{
	struct ext_fs *fs = to_fs(sb);

	mutex_lock(&fs->lock);
	const struct ext_super_disk *s = ext_super(fs);

	st->f_type = EXT_FS_MAGIC;
	st->f_bsize = st->f_frsize = fs->block_size;
	st->f_blocks = fs->blocks;
	st->f_bfree = ext_free_blocks(fs);
	st->f_bavail = st->f_bfree; /* everybody is root */
	st->f_files = fs->inodes;
	st->f_ffree = s->free_inodes;
	st->f_namelen = NAME_MAX;
	mutex_unlock(&fs->lock);
	return 0;
}

const struct inode_ops ext_inode_ops = {
	.lookup = ext_lookup,
	.make = ext_make,
	.link = ext_link,
	.unlink = ext_unlink,
	.rename = ext_rename,
	.exchange = ext_exchange,
	.tmpfile = ext_tmpfile,
	.iterate = ext_iterate,
	.open = ext_open,
	.open_dir = ext_open_dir,
	.change = change,
	.truncate = ext_truncate,
	.blocks = blocks,
	.statfs = statfs,
	.destroy = ext_destroy,
};
