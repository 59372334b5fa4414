/* SPDX-License-Identifier: BSD-3-Clause */
/* Blocks go from the end of a file to its beginning, and a file is whole at each step: so a long one can go in several transactions. */
#include <core/errno.h>
#include <core/string.h>
#include <core/time.h>

#include "internal.h"

/* Blocks of data that go in one step: what they change, bitmaps and descriptors, must fit into the journal. */
#define STEP 4096
#define STEP_SCATTERED 64 /* each in a group of its own */

struct cut {
	struct ext_inode *inode;
	uint64_t keep; /* blocks of the file */
	uint64_t reached;
	unsigned budget; /* blocks that may still go */
	bool tables_only;
};

static int drop(struct cut *c, uint32_t block, bool table)
{
	struct ext_fs *fs = to_fs(c->inode->base.sb);

	c->inode->sectors -= MIN(c->inode->sectors, (uint64_t)fs->block_size / 512);
	return ext_block_free(fs, block, table);
}

/* The tree below @slot, whose first block is the file's block @first, and which covers @span of them. */
static int cut_tree(struct cut *c, uint32_t *slot, unsigned level, uint64_t first, uint64_t span);

static int cut_table(struct cut *c, uint32_t *entries, unsigned level, uint64_t first, uint64_t span)
{
	struct ext_fs *fs = to_fs(c->inode->base.sb);
	uint64_t n = fs->block_size / sizeof(uint32_t);
	int ret = 0;

	span /= n;
	for (uint64_t i = n; i-- && !ret && c->budget && first + (i + 1) * span > c->keep;)
		ret = cut_tree(c, &entries[i], level - 1, first + i * span, span);
	return ret;
}

static int cut_tree(struct cut *c, uint32_t *slot, unsigned level, uint64_t first, uint64_t span)
{
	struct ext_fs *fs = to_fs(c->inode->base.sb);
	struct ext_buf *buf;
	int ret = 0;

	if (!*slot || first + span <= c->keep || (!level && c->tables_only))
		return 0;
	if (level) {
		if (!ext_block_ok(fs, *slot))
			return ext_damaged(fs, "a table of inode", c->inode->base.ino);
		ret = ext_read(fs, *slot, &buf);
		if (ret)
			return ret;
		ret = cut_table(c, (uint32_t *)ext_data(buf), level, first, span);
		if (!c->tables_only)
			ext_dirty_meta(fs, buf);
		ext_put(fs, buf);
	}
	/* What is left of the budget says that all below is gone. */
	if (ret || !c->budget || first < c->keep)
		return ret;
	ret = drop(c, *slot, level || S_ISDIR(c->inode->base.mode));
	*slot = 0;
	c->reached = MIN(c->reached, first);
	c->budget -= !level;
	return ret;
}

static int cut_all(struct cut *c)
{
	struct ext_fs *fs = to_fs(c->inode->base.sb);
	uint64_t n = fs->block_size / sizeof(uint32_t), span = n * n * n, first = EXT_DIRECT + n + n * n;
	int ret = 0;

	for (unsigned level = 3; level && !ret && c->budget; level--) {
		ret = cut_tree(c, &c->inode->block[EXT_DIRECT + level - 1], level, first, span);
		span /= n;
		first -= span;
	}
	for (unsigned i = EXT_DIRECT; i-- && !ret && c->budget;)
		ret = cut_tree(c, &c->inode->block[i], 0, i, 1);
	return ret;
}

int ext_cut(struct ext_inode *inode, uint64_t keep, uint64_t *reached)
{
	unsigned budget = to_fs(inode->base.sb)->groups > STEP_SCATTERED ? STEP_SCATTERED : STEP;
	struct cut c = { .inode = inode, .keep = keep, .reached = UINT64_MAX, .budget = budget };
	int ret = 0;

	inode->goal = 0;
	*reached = keep;
	if ((inode->flags & INODE_EXTENTS) && !keep)
		return ext_extents_free(inode);
	if (inode->flags & INODE_EXTENTS)
		ret = ext_extents_convert(inode);
	if (!ret)
		ret = cut_all(&c);
	if (!c.budget) /* tables may be left even if no block is */
		*reached = MAX(c.reached, keep + 1);
	return ret;
}

int ext_tables_free(struct ext_inode *inode)
{
	struct cut c = { .inode = inode, .reached = UINT64_MAX, .budget = 1, .tables_only = true };

	return cut_all(&c);
}

/* More transactions are to follow. */
static int step(struct ext_fs *fs)
{
	return fs->cache.txns > ext_txn_limit(fs) ? ext_commit(fs) : 0;
}

int ext_clear_tail(struct ext_inode *inode)
{
	struct ext_fs *fs = to_fs(inode->base.sb);
	uint64_t size = (uint64_t)inode->base.size, in = size & (fs->block_size - 1);
	struct ext_buf *buf;
	uint32_t block;

	if (!in)
		return 0;
	int ret = ext_map(inode, size >> fs->block_shift, &block);

	if (ret || !block)
		return ret;
	ret = ext_read(fs, block, &buf);
	if (ret)
		return ret;
	memset(ext_data(buf) + in, 0, fs->block_size - in);
	ext_dirty_data(fs, buf);
	ext_put(fs, buf);
	return 0;
}

int ext_shorten(struct ext_inode *inode, uint64_t size)
{
	struct ext_fs *fs = to_fs(inode->base.sb);
	uint64_t keep = (size + fs->block_size - 1) >> fs->block_shift, reached;
	int ret;

	do {
		ret = ext_cut(inode, keep, &reached);
		inode->base.size = (off_t)(reached > keep ? MIN((uint64_t)inode->base.size, reached << fs->block_shift) : size);
		ext_inode_write(inode);
		if (!ret && reached > keep)
			ret = step(fs);
	} while (!ret && reached > keep);
	return ret;
}

static int set_size(struct ext_inode *inode, uint64_t size)
{
	struct ext_fs *fs = to_fs(inode->base.sb);

	if ((size + fs->block_size - 1) >> fs->block_shift > ext_blocks_max(fs))
		return -EFBIG;
	if (inode->flags & (INODE_IMMUTABLE | INODE_APPEND))
		return -EPERM;
	inode_touch(&inode->base, INODE_MTIME | INODE_CTIME);
	if (size < (uint64_t)inode->base.size)
		return ext_shorten(inode, size);
	int ret = size > (uint64_t)inode->base.size ? ext_clear_tail(inode) : 0;

	if (ret)
		return ret;
	inode->base.size = (off_t)size;
	ext_inode_write(inode);
	return 0;
}

int ext_truncate(struct inode *inode, off_t size)
{
	struct ext_fs *fs = to_fs(inode->sb);
	int ret = ext_begin(fs);

	if (ret)
		return ret;
	ret = set_size(to_ext(inode), (uint64_t)size);
	if (ext_retry(fs, ret))
		ret = set_size(to_ext(inode), (uint64_t)size);
	ext_end(fs);
	return ret;
}

/* Extended attributes in a block of their own, which inodes may share. */
static int drop_acl(struct ext_inode *inode)
{
	struct ext_fs *fs = to_fs(inode->base.sb);
	uint64_t block = inode->acl;
	struct ext_buf *buf;

	if (!block)
		return 0;
	if (!ext_block_ok(fs, block))
		return ext_damaged(fs, "the attributes of inode", inode->base.ino);
	int ret = ext_read(fs, block, &buf);

	if (ret)
		return ret;
	struct ext_xattr_disk *x = (struct ext_xattr_disk *)ext_data(buf);

	inode->acl = 0;
	if (x->magic != XATTR_MAGIC) {
		ret = ext_damaged(fs, "the attributes of inode", inode->base.ino);
	} else if (x->refs > 1) {
		x->refs--;
		x->checksum = 0;
		if (fs->csum)
			x->checksum = ext_crc32c(ext_crc32c(fs->seed, &block, sizeof(block)), x, fs->block_size);
		ext_dirty_meta(fs, buf);
	} else {
		ret = ext_block_free(fs, (uint32_t)block, true);
	}
	ext_put(fs, buf);
	return ret;
}

/* Has it blocks at all? Short symbolic links and device nodes have other things there. */
static bool has_blocks(const struct ext_inode *inode)
{
	if (S_ISLNK(inode->base.mode))
		return (inode->flags & INODE_EXTENTS) || (uint64_t)inode->base.size >= sizeof(inode->block);
	return S_ISREG(inode->base.mode) || S_ISDIR(inode->base.mode);
}

int ext_inode_remove(struct ext_inode *inode)
{
	struct ext_fs *fs = to_fs(inode->base.sb);
	bool dir = S_ISDIR(inode->base.mode);
	int ret = has_blocks(inode) ? ext_shorten(inode, 0) : 0;

	if (!ret)
		ret = drop_acl(inode);
	if (ret)
		return ret;
	ext_orphan_remove(inode);
	inode->next_orphan = (uint32_t)(time_wall() / NSEC_PER_SEC);
	inode->base.size = 0;
	ext_inode_write(inode);
	return ext_inode_free(fs, (uint32_t)inode->base.ino, dir);
}
