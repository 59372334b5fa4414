/* SPDX-License-Identifier: BSD-3-Clause */
/* Where a file's blocks lie: twelve in the inode, then tables of one, two and three levels. */
#include <core/errno.h>
#include <core/string.h>

#include "internal.h"

#define LEVELS 3u

/* The slot of the inode, and of each table below it, that leads to a block. */
struct path {
	unsigned levels; /* of tables */
	uint32_t slot[LEVELS + 1];
};

static uint64_t per_table(const struct ext_fs *fs)
{
	return fs->block_size / sizeof(uint32_t);
}

uint64_t ext_blocks_max(const struct ext_fs *fs)
{
	uint64_t n = per_table(fs), mapped = EXT_DIRECT + n + n * n + n * n * n;

	if (!(fs->ro_compat & RO_LARGE_FILE))
		return INT32_MAX >> fs->block_shift;

	return MIN(mapped, (uint64_t)UINT32_MAX >> (fs->block_shift - 9)) -
	       2 * n; /* what i_blocks can count, with room for tables */
}

static bool path_to(const struct ext_fs *fs, uint64_t index, struct path *p)
{
	uint64_t n = per_table(fs), span = 1;

	p->levels = 0;
	if (index < EXT_DIRECT) {
		p->slot[0] = (uint32_t)index;
		return true;
	}
	index -= EXT_DIRECT;
	for (p->levels = 1; p->levels <= LEVELS; p->levels++) {
		span *= n;
		if (index < span)
			break;
		index -= span;
	}
	if (p->levels > LEVELS)
		return false;
	p->slot[0] = EXT_DIRECT + p->levels - 1;
	for (unsigned i = 1; i <= p->levels; i++) {
		span /= n;
		p->slot[i] = (uint32_t)(index / span);
		index %= span;
	}
	return true;
}

int ext_map(struct ext_inode *inode, uint64_t index, uint32_t *out)
{
	struct ext_fs *fs = to_fs(inode->base.sb);
	struct path p;

	if (inode->flags & INODE_EXTENTS)
		return ext_extent_map(inode, index, out);
	*out = 0;
	if (!path_to(fs, index, &p))
		return 0;
	uint32_t block = inode->block[p.slot[0]];

	for (unsigned i = 1; i <= p.levels && block; i++) {
		struct ext_buf *table;

		if (!ext_block_ok(fs, block))
			return ext_damaged(fs, "a table of inode", inode->base.ino);
		int ret = ext_read(fs, block, &table);

		if (ret)
			return ret;
		block = ((const uint32_t *)ext_data(table))[p.slot[i]];
		ext_put(fs, table);
	}
	if (block && !ext_block_ok(fs, block))
		return ext_damaged(fs, "a block of inode", inode->base.ino);
	*out = block;
	return 0;
}

/* A new block of @inode's, cleared if it is a table. */
static int make_block(struct ext_inode *inode, bool table, uint32_t *out)
{
	struct ext_fs *fs = to_fs(inode->base.sb);
	struct ext_buf *buf;
	int ret = ext_block_alloc(fs, inode->goal, out);

	if (ret)
		return ret;
	if (table) {
		ret = ext_clear(fs, *out, &buf);
		if (ret) {
			ext_block_free(fs, *out, false);
			return ret;
		}
		/* Nothing on the disk leads to it before the commit: it is written to its place before. */
		ext_dirty_data(fs, buf);
		ext_put(fs, buf);
	}
	inode->goal = *out + 1;
	inode->sectors += fs->block_size / 512;
	return 0;
}

/* The slot that leads to the block, in the inode or in the table *@buf, which is held; tables on the way are made. */
static int slot_of(struct ext_inode *inode, const struct path *p, uint32_t **slot, struct ext_buf **buf)
{
	struct ext_fs *fs = to_fs(inode->base.sb);
	int ret = 0;

	*slot = &inode->block[p->slot[0]];
	*buf = NULL;
	for (unsigned i = 1; i <= p->levels && !ret; i++) {
		struct ext_buf *table = NULL;

		if (!**slot) {
			uint32_t made;

			ret = make_block(inode, true, &made);
			if (ret)
				break;
			**slot = made;
			if (*buf)
				ext_dirty_meta(fs, *buf);
		}
		ret = ext_block_ok(fs, **slot) ? ext_read(fs, **slot, &table)
		                               : ext_damaged(fs, "a table of inode", inode->base.ino);
		if (ret)
			break;
		ext_put(fs, *buf);
		*buf = table;
		*slot = (uint32_t *)ext_data(table) + p->slot[i];
	}
	if (ret) {
		ext_put(fs, *buf);
		*buf = NULL;
	}
	return ret;
}

int ext_map_set(struct ext_inode *inode, uint64_t index, uint32_t block)
{
	struct ext_fs *fs = to_fs(inode->base.sb);
	struct ext_buf *buf;
	struct path p;
	uint32_t *slot;

	if (!path_to(fs, index, &p))
		return -EFBIG;
	int ret = slot_of(inode, &p, &slot, &buf);

	if (ret)
		return ret;
	*slot = block;
	if (buf)
		ext_dirty_meta(fs, buf);
	ext_put(fs, buf);
	return 0;
}

static int fill(struct ext_inode *inode, uint64_t index, uint32_t *out)
{
	int ret = ext_map_set(inode, index, 0); /* the tables first: what fails then leaves nothing behind but those */

	if (!ret)
		ret = make_block(inode, false, out);
	if (!ret)
		ret = ext_map_set(inode, index, *out);
	if (ret) /* tables may have been made: the disk knows them like the bitmaps do */
		ext_inode_write(inode);
	return ret;
}

int ext_map_make(struct ext_inode *inode, uint64_t index, uint32_t *out, bool *fresh)
{
	struct ext_fs *fs = to_fs(inode->base.sb);
	int ret = ext_map(inode, index, out);

	*fresh = false;
	if (ret || *out)
		return ret;
	if (index >= ext_blocks_max(fs))
		return -EFBIG;
	if (inode->flags & INODE_EXTENTS) {
		ret = ext_extents_convert(inode);
		if (!ret)
			ret = ext_map(inode, index, out);
		if (ret || *out)
			return ret;
	}
	*fresh = true;
	return fill(inode, index, out);
}
