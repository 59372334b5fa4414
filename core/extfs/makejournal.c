/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Where the journal lies; and a new one, for a file system without. Its inode is written first, then the bitmaps, then the superblock that
 * announces it: a mount that finds the inode without the announcement goes on from there, with all counts made anew.
 */
#include <core/alloc.h>
#include <core/errno.h>
#include <core/log.h>
#include <core/string.h>

#include "internal.h"

#define SMALL 32768u /* file systems of fewer blocks than this have the least journal; of 8 times as many, 4 times that */
#define RUNS_STEP 32u

static int add_block(struct ext_journal *j, uint32_t index, uint32_t block)
{
	struct ext_run *last = j->nruns ? &j->runs[j->nruns - 1] : NULL;

	if (last && block == last->block + last->count) {
		last->count++;
		return 0;
	}
	if (j->nruns == j->runs_max) {
		struct ext_run *more = kmalloc((j->runs_max + RUNS_STEP) * sizeof(*more));

		if (!more)
			return -ENOMEM;
		if (j->nruns)
			memcpy(more, j->runs, j->nruns * sizeof(*more));
		kfree(j->runs);
		j->runs = more;
		j->runs_max += RUNS_STEP;
	}
	j->runs[j->nruns++] = (struct ext_run){ index, block, 1 };
	return 0;
}

static int find_blocks(struct ext_fs *fs, struct ext_inode *inode)
{
	uint64_t count = (uint64_t)inode->base.size >> fs->block_shift;
	int ret = count <= JOURNAL_BLOCKS_MAX ? 0 : -EOPNOTSUPP;

	for (uint32_t i = 0; i < count && !ret; i++) {
		uint32_t block;

		ret = ext_map(inode, i, &block);
		if (!ret)
			ret = block ? add_block(&fs->journal, i, block) : ext_damaged(fs, "a hole in the journal, block", i);
	}
	return ret;
}

static int allocate(struct ext_fs *fs)
{
	struct ext_journal *j = &fs->journal;

	j->super = kzalloc(fs->block_size);
	j->block = kzalloc(fs->block_size);
	j->copy = kzalloc(fs->block_size);
	return j->super && j->block && j->copy ? 0 : -ENOMEM;
}

/* Its superblock. Features that nobody needs before the next transaction are no reason to refuse it. */
static int check_super(struct ext_fs *fs)
{
	struct ext_journal *j = &fs->journal;
	const struct journal_super *s = j->super;
	uint32_t type = journal_be32(s->head.type), blocks = 0;

	for (unsigned i = 0; i < j->nruns; i++)
		blocks += j->runs[i].count;
	if (journal_be32(s->head.magic) != JOURNAL_MAGIC || (type != JOURNAL_SUPER1 && type != JOURNAL_SUPER2) ||
	    journal_be32(s->block_size) != fs->block_size || journal_be32(s->length) > blocks || !s->first ||
	    journal_be32(s->first) >= journal_be32(s->length))
		return ext_damaged(fs, "the journal's superblock, of inode", EXT_JOURNAL_INO);
	j->length = journal_be32(s->length);
	j->first = journal_be32(s->first);
	if (j->length < JOURNAL_BLOCKS_MIN ||
	    (type == JOURNAL_SUPER2 && s->start && journal_be32(s->incompat) & ~JOURNAL_KNOWN)) {
		pr_err("%s: the journal has %u blocks, features 0x%x", fs->dev->name, j->length, journal_be32(s->incompat));
		return -EOPNOTSUPP;
	}
	return 0;
}

static int read_super(struct ext_fs *fs)
{
	struct ext_journal *j = &fs->journal;
	uint32_t block;
	int ret = ext_journal_block(fs, 0, &block);

	if (!ret)
		ret = ext_raw(fs, false, block, j->super);
	if (!ret)
		ret = check_super(fs);
	if (ret)
		return ret;
	if (journal_be32(j->super->head.type) == JOURNAL_SUPER1) /* those had no features, and nothing there */
		memset(&j->super->compat, 0, sizeof(*j->super) - offsetof(struct journal_super, compat));
	memcpy(j->uuid, j->super->uuid, sizeof(j->uuid));
	ret = ext_journal_replay(fs, j->super);
	j->head = j->first;
	j->used = 0;
	return ret == -EIO ? ext_damaged(fs, "the journal, inode", EXT_JOURNAL_INO) : ret;
}

int ext_journal_open(struct ext_fs *fs)
{
	const struct ext_super_disk *s = ext_super(fs);
	struct inode *inode;

	if (s->journal_ino != EXT_JOURNAL_INO) {
		pr_err("%s: the journal is on another disk, or inode %u", fs->dev->name, s->journal_ino);
		return -EOPNOTSUPP;
	}
	int ret = ext_inode_get(fs, EXT_JOURNAL_INO, &inode);

	if (ret)
		return ret;
	ret = S_ISREG(inode->mode) ? find_blocks(fs, to_ext(inode)) : ext_damaged(fs, "the journal, inode", EXT_JOURNAL_INO);
	inode_put(inode);
	if (!ret)
		ret = allocate(fs);
	return ret ? ret : read_super(fs);
}

static uint32_t length_for(const struct ext_fs *fs)
{
	if (fs->blocks < 2 * JOURNAL_BLOCKS_MIN)
		return 0;
	return fs->blocks < SMALL       ? JOURNAL_BLOCKS_MIN
	       : fs->blocks < 8 * SMALL ? 4 * JOURNAL_BLOCKS_MIN
	                                : 8 * JOURNAL_BLOCKS_MIN;
}

/* The inode as on a fresh disk, but a file; on one where this was begun, as it is. */
static int get_inode(struct ext_fs *fs, struct inode **out)
{
	struct ext_inode_disk *d;
	struct ext_buf *buf;
	int ret = ext_inode_disk(fs, EXT_JOURNAL_INO, &buf, &d);

	if (ret)
		return ret;
	if (!d->links) {
		memset(d, 0, fs->inode_size);
		if (fs->inode_size >= sizeof(*d))
			d->extra = sizeof(*d) - EXT_GOOD_OLD_INODE;
		d->mode = S_IFREG | 0600;
		d->links = 1;
		ext_inode_sum_set(fs, EXT_JOURNAL_INO, d);
		ext_dirty_meta(fs, buf);
	}
	ext_put(fs, buf);
	return ext_inode_get(fs, EXT_JOURNAL_INO, out);
}

/* Blocks with zeroes, and the superblock in the first. */
static int fill(struct ext_fs *fs, struct ext_inode *inode, uint32_t length)
{
	struct journal_super super = {
		.head = { journal_be32(JOURNAL_MAGIC), journal_be32(JOURNAL_SUPER2), 0 },
		.block_size = journal_be32(fs->block_size),
		.length = journal_be32(length),
		.first = journal_be32(1),
		.sequence = journal_be32(1),
		.users = journal_be32(1),
	};

	memcpy(super.uuid, fs->uuid, sizeof(super.uuid));
	for (uint32_t i = 0; i < length; i++) {
		struct ext_buf *buf;
		uint32_t block;
		bool fresh;
		int ret = ext_map_make(inode, i, &block, &fresh);

		if (!ret)
			ret = ext_clear(fs, block, &buf);
		if (ret)
			return ret;
		if (!i)
			memcpy(ext_data(buf), &super, sizeof(super));
		ext_dirty_data(fs, buf);
		ext_put(fs, buf);
		if (fs->cache.datas > fs->cache.max / 2)
			ret = ext_write_all(fs, BUF_DATA);
		if (ret)
			return ret;
	}
	inode->base.size = (off_t)length << fs->block_shift;
	ext_inode_write(inode);
	return 0;
}

/* What is in the transaction goes to its place: there is no journal that it could go to. */
static int write_through(struct ext_fs *fs)
{
	int ret = ext_groups_settle(fs);

	ext_txn_committed(fs);
	if (!ret)
		ret = ext_write_all(fs, BUF_CKPT);
	return ret ? ret : ext_flush(fs);
}

static int announce(struct ext_fs *fs, const struct ext_inode *inode)
{
	struct ext_super_disk *s = ext_super(fs);

	s->compat |= COMPAT_HAS_JOURNAL;
	s->journal_ino = EXT_JOURNAL_INO;
	s->journal_backup = 1;
	memcpy(s->journal_blocks, inode->block, sizeof(inode->block));
	s->journal_blocks[EXT_SLOTS] = (uint32_t)((uint64_t)inode->base.size >> 32);
	s->journal_blocks[EXT_SLOTS + 1] = (uint32_t)inode->base.size;
	return ext_super_write(fs);
}

static int make(struct ext_fs *fs, struct ext_inode *inode, uint32_t length)
{
	int ret = 0;

	if (!inode->base.size) {
		ret = fill(fs, inode, length);
		if (!ret)
			ret = ext_write_all(fs, BUF_DATA);
		if (!ret)
			ret = ext_flush(fs);
		if (!ret)
			ret = ext_raw(fs, true, inode->table->block, ext_data(inode->table));
		if (!ret)
			ret = ext_flush(fs);
	} else {
		ret = ext_claim(fs, inode);
	}
	if (!ret)
		ret = write_through(fs);
	return ret ? ret : announce(fs, inode);
}

int ext_journal_make(struct ext_fs *fs)
{
	uint32_t length = length_for(fs);
	struct inode *inode;
	int ret;

	if (!length || ext_free_blocks(fs) < 2 * length) {
		pr_err("%s: there is no room for a journal", fs->dev->name);
		return -ENOSPC;
	}
	ret = get_inode(fs, &inode);
	if (ret)
		return ret;
	ret = make(fs, to_ext(inode), length);
	inode_put(inode);
	if (ret)
		return ret;
	pr_info("%s: has a journal of %u blocks now", fs->dev->name, length);
	return ext_journal_open(fs);
}
