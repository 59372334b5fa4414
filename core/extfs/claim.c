/* SPDX-License-Identifier: BSD-3-Clause */
/* After a crash in the middle of making a journal: its blocks are in use, and all counts are those of the bitmaps. */
#include <core/errno.h>
#include <core/string.h>

#include "internal.h"

static int claim_block(struct ext_fs *fs, uint32_t block)
{
	uint32_t at = block - fs->first_data, bit = at % fs->blocks_per_group;
	struct ext_buf *bits;

	if (!ext_block_ok(fs, block))
		return ext_damaged(fs, "the journal's block", block);
	int ret = ext_bitmap(fs, at / fs->blocks_per_group, false, &bits);

	if (ret)
		return ret;
	ext_data(bits)[bit / 8] |= (char)(1u << bit % 8);
	ext_dirty_meta(fs, bits);
	ext_put(fs, bits);
	return 0;
}

static int claim_tree(struct ext_fs *fs, uint32_t block, unsigned level)
{
	struct ext_buf *buf;
	int ret = block ? claim_block(fs, block) : 0;

	if (ret || !block || !level)
		return ret;
	ret = ext_read(fs, block, &buf);
	if (ret)
		return ret;
	for (unsigned i = 0; i < fs->block_size / sizeof(uint32_t) && !ret; i++)
		ret = claim_tree(fs, ((uint32_t *)ext_data(buf))[i], level - 1);
	ext_put(fs, buf);
	return ret;
}

static int count_group(struct ext_fs *fs, uint32_t group)
{
	struct ext_buf *bits, *buf;
	struct ext_group_disk *g;
	int32_t left = 0;
	int ret = ext_bitmap(fs, group, false, &bits);

	if (ret)
		return ret;
	for (uint32_t i = 0; i < ext_group_blocks(fs, group); i++)
		left += !(ext_data(bits)[i / 8] >> i % 8 & 1);
	ext_put(fs, bits);
	ret = ext_group(fs, group, &buf, &g);
	if (ret)
		return ret;
	left -= g->free_blocks | (fs->desc_size > EXT_GROUP_SHORT ? g->free_blocks_hi << 16 : 0);
	if (left)
		ext_group_count(fs, buf, g, group, left, 0, 0);
	ext_put(fs, buf);
	return 0;
}

int ext_claim(struct ext_fs *fs, const struct ext_inode *inode)
{
	int ret = 0;

	for (unsigned i = 0; i < EXT_SLOTS && !ret; i++)
		ret = claim_tree(fs, inode->block[i], i < EXT_DIRECT ? 0 : i - EXT_DIRECT + 1);
	for (uint32_t i = 0; i < fs->groups && !ret; i++)
		ret = count_group(fs, i);
	if (ret)
		return ret;
	uint64_t left = 0;

	for (uint32_t i = 0; i < fs->groups && !ret; i++) {
		struct ext_group_disk *g;
		struct ext_buf *buf;

		ret = ext_group(fs, i, &buf, &g);
		if (ret)
			return ret;
		left += g->free_blocks | (fs->desc_size > EXT_GROUP_SHORT ? (uint32_t)g->free_blocks_hi << 16 : 0);
		ext_put(fs, buf);
	}
	ext_super(fs)->free_blocks = (uint32_t)left;
	ext_dirty_meta(fs, fs->super);
	return 0;
}
