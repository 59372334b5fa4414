/* SPDX-License-Identifier: BSD-3-Clause */
/* Which blocks and inodes are free: bitmaps on the disk, and in memory those that were freed and are not to be used again yet. */
#include <core/alloc.h>
#include <core/errno.h>
#include <core/log.h>
#include <core/string.h>

#include "internal.h"

static bool bit(const uint8_t *bits, uint32_t i)
{
	return bits[i / 8] >> i % 8 & 1;
}

static void flip(uint8_t *bits, uint32_t i)
{
	bits[i / 8] ^= (uint8_t)(1u << i % 8);
}

/* The first bit from @from on that is clear in both; @held may be NULL. @end: there is none. */
static uint32_t find_clear(const uint8_t *bits, const uint8_t *held, uint32_t from, uint32_t end)
{
	uint32_t i = from;

	while (i < end) {
		if (!(i % 8) && (bits[i / 8] | (held ? held[i / 8] : 0)) == 0xff)
			i += 8;
		else if (bit(bits, i) || (held && bit(held, i)))
			i++;
		else
			return i;
	}
	return end;
}

static int take_block(struct ext_fs *fs, uint32_t group, uint32_t from, uint32_t *out)
{
	uint32_t end = ext_group_blocks(fs, group), i = end;
	struct ext_group_disk *g;
	struct ext_buf *buf, *bits;
	int ret = ext_group(fs, group, &buf, &g);

	if (ret)
		return ret;
	if (g->free_blocks || (fs->desc_size > EXT_GROUP_SHORT && g->free_blocks_hi))
		ret = ext_bitmap(fs, group, false, &bits);
	else
		ret = -ENOSPC;
	if (!ret) {
		i = find_clear((uint8_t *)ext_data(bits), fs->held[group], from, end);
		if (i == end)
			i = find_clear((uint8_t *)ext_data(bits), fs->held[group], 0, from);
		*out = fs->first_data + group * fs->blocks_per_group + i;
		if (i == end || bit((uint8_t *)ext_data(bits), i) || (fs->held[group] && bit(fs->held[group], i)) ||
		    !ext_block_ok(fs, *out)) {
			ret = -ENOSPC;
		} else {
			flip((uint8_t *)ext_data(bits), i);
			ext_dirty_meta(fs, bits);
			ext_group_count(fs, buf, g, group, -1, 0, 0);
		}
		ext_put(fs, bits);
	}
	ext_put(fs, buf);
	return ret;
}

int ext_block_alloc(struct ext_fs *fs, uint32_t goal, uint32_t *out)
{
	uint32_t at = ext_block_ok(fs, goal) ? goal - fs->first_data : 0;
	uint32_t group = at / fs->blocks_per_group, from = at % fs->blocks_per_group;

	for (uint32_t n = 0; n < fs->groups; n++) {
		int ret = take_block(fs, group, from, out);

		if (ret != -ENOSPC)
			return ret;
		group = group + 1 < fs->groups ? group + 1 : 0;
		from = 0;
	}
	return -ENOSPC;
}

/* The journal may still write to @block when it is replayed. */
static bool hold_meta(struct ext_fs *fs, uint32_t block)
{
	if (fs->held_metas == fs->held_metas_max) {
		size_t max = fs->held_metas_max ? fs->held_metas_max * 2 : 64;
		uint32_t *more = kmalloc(max * sizeof(*more));

		if (!more)
			return false;
		if (fs->held_metas)
			memcpy(more, fs->held_meta, fs->held_metas * sizeof(*more));
		kfree(fs->held_meta);
		fs->held_meta = more;
		fs->held_metas_max = max;
	}
	fs->held_meta[fs->held_metas++] = block;
	return true;
}

static bool hold(struct ext_fs *fs, uint32_t at)
{
	uint32_t group = at / fs->blocks_per_group;

	if (!fs->held[group])
		fs->held[group] = kzalloc(fs->block_size);
	if (!fs->held[group])
		return false;
	fs->held[group][at % fs->blocks_per_group / 8] |= (uint8_t)(1u << at % 8);
	fs->holding = true;
	return true;
}

int ext_block_free(struct ext_fs *fs, uint32_t block, bool meta)
{
	uint32_t at = block - fs->first_data, group = at / fs->blocks_per_group;
	struct ext_group_disk *g;
	struct ext_buf *bits, *buf;

	if (!ext_block_ok(fs, block))
		return ext_damaged(fs, "freed", block);
	/* Without memory to remember it, the block stays in use, for e2fsck to find: better than to hand it out too early. */
	if (!hold(fs, at) || (meta && !hold_meta(fs, block))) {
		pr_warn("%s: no memory to free block %u, which is lost until e2fsck finds it", fs->dev->name, block);
		return 0;
	}
	int ret = ext_bitmap(fs, group, false, &bits);

	if (ret)
		return ret;
	ret = ext_group(fs, group, &buf, &g);
	if (!ret && !bit((uint8_t *)ext_data(bits), at % fs->blocks_per_group)) {
		ret = ext_damaged(fs, "freed twice", block);
		ext_put(fs, buf);
	} else if (!ret) {
		flip((uint8_t *)ext_data(bits), at % fs->blocks_per_group);
		ext_dirty_meta(fs, bits);
		ext_group_count(fs, buf, g, group, 1, 0, 0);
		ext_put(fs, buf);
		ext_forget(fs, block);
	}
	ext_put(fs, bits);
	return ret;
}

void ext_release_held(struct ext_fs *fs, bool checkpoint)
{
	if (!fs->holding)
		return;
	for (uint32_t i = 0; i < fs->groups; i++) {
		kfree(fs->held[i]);
		fs->held[i] = NULL;
	}
	fs->holding = false;
	if (checkpoint)
		fs->held_metas = 0;
	for (size_t i = 0; i < fs->held_metas; i++)
		hold(fs, fs->held_meta[i] - fs->first_data); /* the memory was free a moment ago */
}

/* The lowest free one, so that those which were never used stay together at the end. */
static int take_inode(struct ext_fs *fs, uint32_t group, bool dir, uint32_t *out)
{
	uint32_t from = group ? 0 : fs->first_ino - 1, i;
	struct ext_group_disk *g;
	struct ext_buf *buf, *bits;
	int ret = ext_group(fs, group, &buf, &g);

	if (ret)
		return ret;
	ret = g->free_inodes || (fs->desc_size > EXT_GROUP_SHORT && g->free_inodes_hi) ? ext_bitmap(fs, group, true, &bits)
	                                                                               : -ENOSPC;
	if (!ret) {
		i = find_clear((uint8_t *)ext_data(bits), NULL, from, fs->inodes_per_group);
		if (i < fs->inodes_per_group) {
			uint32_t unused = fs->inodes_per_group - i - 1;

			flip((uint8_t *)ext_data(bits), i);
			ext_dirty_meta(fs, bits);
			g->unused = (uint16_t)MIN(g->unused, unused);
			ext_group_count(fs, buf, g, group, 0, -1, dir);
			*out = group * fs->inodes_per_group + i + 1;
		} else {
			ret = -ENOSPC;
		}
		ext_put(fs, bits);
	}
	ext_put(fs, buf);
	return ret;
}

int ext_inode_alloc(struct ext_fs *fs, uint32_t parent, bool dir, uint32_t *out)
{
	uint32_t group = (parent - 1) / fs->inodes_per_group;

	for (uint32_t n = 0; n < fs->groups; n++) {
		int ret = take_inode(fs, group, dir, out);

		if (ret != -ENOSPC)
			return ret;
		group = group + 1 < fs->groups ? group + 1 : 0;
	}
	return -ENOSPC;
}

int ext_inode_free(struct ext_fs *fs, uint32_t ino, bool dir)
{
	uint32_t group = (ino - 1) / fs->inodes_per_group, i = (ino - 1) % fs->inodes_per_group;
	struct ext_group_disk *g;
	struct ext_buf *bits, *buf;
	int ret = ext_bitmap(fs, group, true, &bits);

	if (ret)
		return ret;
	ret = ext_group(fs, group, &buf, &g);
	if (!ret && !bit((uint8_t *)ext_data(bits), i)) {
		ret = ext_damaged(fs, "freed twice: inode", ino);
		ext_put(fs, buf);
	} else if (!ret) {
		flip((uint8_t *)ext_data(bits), i);
		ext_dirty_meta(fs, bits);
		ext_group_count(fs, buf, g, group, 0, 1, dir ? -1 : 0);
		ext_put(fs, buf);
	}
	ext_put(fs, bits);
	return ret;
}
