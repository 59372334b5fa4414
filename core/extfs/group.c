/* SPDX-License-Identifier: BSD-3-Clause */
/* Groups: descriptors, bitmaps, counts. */
#include <core/errno.h>
#include <core/string.h>

#include "internal.h"

#define BITS_SET(a, b) ((a)[(b) / 8] |= (uint8_t)(1u << (b) % 8))

enum { STALE_GROUP = 1, STALE_BLOCKS = 2, STALE_INODES = 4 };

static bool is_power_of(uint32_t n, uint32_t base)
{
	uint64_t p = base;

	while (p < n)
		p *= base;
	return p == n;
}

/* Does the group begin with a copy of the superblock? */
static bool has_super(const struct ext_fs *fs, uint32_t group)
{
	if (!group)
		return true;
	if (fs->compat & COMPAT_SPARSE_SUPER2)
		return group == fs->backup_groups[0] || group == fs->backup_groups[1];
	return !(fs->ro_compat & RO_SPARSE_SUPER) || group == 1 || is_power_of(group, 3) || is_power_of(group, 5) ||
	       is_power_of(group, 7);
}

static uint32_t first_block(const struct ext_fs *fs, uint32_t group)
{
	return fs->first_data + group * fs->blocks_per_group;
}

uint32_t ext_group_blocks(const struct ext_fs *fs, uint32_t group)
{
	return MIN(fs->blocks_per_group, fs->blocks - first_block(fs, group));
}

static uint32_t per_block(const struct ext_fs *fs)
{
	return fs->block_size / fs->desc_size;
}

/* Are the descriptors of @group's part of the table in the groups that they describe? */
static bool is_meta(const struct ext_fs *fs, uint32_t group)
{
	return (fs->incompat & INCOMPAT_META_BG) && group / per_block(fs) >= fs->first_meta_bg;
}

int ext_group(struct ext_fs *fs, uint32_t group, struct ext_buf **buf, struct ext_group_disk **g)
{
	uint32_t n = per_block(fs), in = group / n;
	uint64_t block = (uint64_t)fs->first_data + 1 + in;

	if (is_meta(fs, group))
		block = (uint64_t)first_block(fs, in * n) + has_super(fs, in * n);
	int ret = ext_read(fs, block, buf);

	if (!ret)
		*g = (struct ext_group_disk *)(ext_data(*buf) + (size_t)(group % n) * fs->desc_size);
	return ret;
}

/* High halves count with long descriptors only; with fewer than 2^32 blocks they must be zero where they are. */
static bool is_good(const struct ext_fs *fs, uint32_t group, const struct ext_group_disk *g)
{
	uint64_t table = DIV_ROUND_UP((uint64_t)fs->inodes_per_group * fs->inode_size, fs->block_size);
	bool high = fs->desc_size > EXT_GROUP_SHORT && (g->block_bitmap_hi || g->inode_bitmap_hi || g->inode_table_hi);

	if ((fs->csum || (fs->ro_compat & RO_GDT_CSUM)) && g->checksum != ext_group_sum(fs, group, g))
		return false;
	return !high && ext_block_ok(fs, g->block_bitmap) && ext_block_ok(fs, g->inode_bitmap) &&
	       ext_block_ok(fs, g->inode_table) && table <= fs->blocks - g->inode_table;
}

int ext_groups_check(struct ext_fs *fs)
{
	for (uint32_t i = 0; i < fs->groups; i++) {
		struct ext_group_disk *g;
		struct ext_buf *buf;
		int ret = ext_group(fs, i, &buf, &g);

		if (ret)
			return ret;
		bool good = is_good(fs, i, g);

		ext_put(fs, buf);
		if (!good)
			return ext_damaged(fs, "the descriptor of group", i);
	}
	return 0;
}

static uint64_t whole(const struct ext_fs *fs, uint32_t low, uint32_t high, unsigned bits)
{
	return low | (fs->desc_size > EXT_GROUP_SHORT ? (uint64_t)high << bits : 0);
}

static void add16(const struct ext_fs *fs, uint16_t *low, uint16_t *high, int n)
{
	uint64_t v = whole(fs, *low, fs->desc_size > EXT_GROUP_SHORT ? *high : 0, 16) + (uint64_t)(int64_t)n;

	*low = (uint16_t)v;
	if (fs->desc_size > EXT_GROUP_SHORT)
		*high = (uint16_t)(v >> 16);
}

uint64_t ext_free_blocks(const struct ext_fs *fs)
{
	const struct ext_super_disk *s = ext_super(fs);

	return s->free_blocks | (fs->incompat & INCOMPAT_64BIT ? (uint64_t)s->free_blocks_hi << 32 : 0);
}

void ext_group_count(struct ext_fs *fs, struct ext_buf *buf, struct ext_group_disk *g, uint32_t group, int blocks, int inodes,
                     int dirs)
{
	struct ext_super_disk *s = ext_super(fs);
	uint64_t left = ext_free_blocks(fs) + (uint64_t)(int64_t)blocks;

	add16(fs, &g->free_blocks, &g->free_blocks_hi, blocks);
	add16(fs, &g->free_inodes, &g->free_inodes_hi, inodes);
	add16(fs, &g->used_dirs, &g->used_dirs_hi, dirs);
	s->free_blocks = (uint32_t)left;
	if (fs->incompat & INCOMPAT_64BIT)
		s->free_blocks_hi = (uint32_t)(left >> 32);
	s->free_inodes += (uint32_t)inodes;
	fs->stale[group] |= STALE_GROUP | (blocks ? STALE_BLOCKS : 0) | (inodes ? STALE_INODES : 0);
	ext_dirty_meta(fs, buf);
	ext_dirty_meta(fs, fs->super);
}

static void set_own(const struct ext_fs *fs, uint32_t group, uint8_t *bits, uint32_t block, uint32_t count)
{
	uint32_t first = first_block(fs, group), end = first + ext_group_blocks(fs, group);

	for (uint32_t b = block; b < block + count; b++)
		if (b >= first && b < end)
			BITS_SET(bits, b - first);
}

/* What a bitmap of blocks would say that was never written: the group's own structures are in use. */
static void init_blocks(struct ext_fs *fs, uint32_t group, const struct ext_group_disk *g, uint8_t *bits)
{
	uint32_t own = 0, table = (uint32_t)DIV_ROUND_UP((uint64_t)fs->inodes_per_group * fs->inode_size, fs->block_size);
	uint32_t n = per_block(fs);

	if (is_meta(fs, group))
		own = has_super(fs, group) + (group % n <= 1 || group % n == n - 1);
	else if (has_super(fs, group))
		own = 1 +
		      ((fs->incompat & INCOMPAT_META_BG) ? fs->first_meta_bg : DIV_ROUND_UP(fs->groups, n) + fs->reserved_gdt);
	memset(bits, 0, fs->block_size);
	set_own(fs, group, bits, first_block(fs, group), own);
	set_own(fs, group, bits, g->block_bitmap, 1);
	set_own(fs, group, bits, g->inode_bitmap, 1);
	set_own(fs, group, bits, g->inode_table, table);
	for (uint32_t i = ext_group_blocks(fs, group); i < fs->block_size * 8; i++)
		BITS_SET(bits, i);
}

static void init_inodes(const struct ext_fs *fs, uint8_t *bits)
{
	memset(bits, 0, fs->block_size);
	for (uint32_t i = fs->inodes_per_group; i < fs->block_size * 8; i++)
		BITS_SET(bits, i);
}

static uint32_t bitmap_sum(const struct ext_fs *fs, bool inodes, const char *bits)
{
	return ext_crc32c(fs->seed, bits, (inodes ? fs->inodes_per_group : fs->blocks_per_group) / 8);
}

static bool bitmap_good(const struct ext_fs *fs, const struct ext_group_disk *g, bool inodes, const char *bits)
{
	if (!fs->csum)
		return true;
	uint32_t sum = bitmap_sum(fs, inodes, bits), stored = inodes ? g->inode_csum : g->block_csum;

	if (fs->desc_size == EXT_GROUP_SHORT)
		return (uint16_t)sum == stored;
	return sum == (stored | (uint32_t)(inodes ? g->inode_csum_hi : g->block_csum_hi) << 16);
}

/* A bitmap that was never written becomes one that is. */
static int init_bitmap(struct ext_fs *fs, uint32_t group, struct ext_group_disk *g, bool inodes, struct ext_buf **out)
{
	int ret = ext_clear(fs, inodes ? g->inode_bitmap : g->block_bitmap, out);

	if (ret)
		return ret;
	if (inodes)
		init_inodes(fs, (uint8_t *)ext_data(*out));
	else
		init_blocks(fs, group, g, (uint8_t *)ext_data(*out));
	g->flags &= (uint16_t) ~(inodes ? GROUP_INODES_UNINIT : GROUP_BLOCKS_UNINIT);
	fs->stale[group] |= STALE_GROUP | (inodes ? STALE_INODES : STALE_BLOCKS);
	(*out)->state |= BUF_CHECKED;
	ext_dirty_meta(fs, *out);
	return 0;
}

int ext_bitmap(struct ext_fs *fs, uint32_t group, bool inodes, struct ext_buf **out)
{
	bool uninit = fs->csum || (fs->ro_compat & RO_GDT_CSUM);
	struct ext_group_disk *g;
	struct ext_buf *buf;
	int ret = ext_group(fs, group, &buf, &g);

	if (ret)
		return ret;
	if (uninit && (g->flags & (inodes ? GROUP_INODES_UNINIT : GROUP_BLOCKS_UNINIT))) {
		ret = init_bitmap(fs, group, g, inodes, out);
		if (!ret)
			ext_dirty_meta(fs, buf);
	} else {
		ret = ext_read(fs, inodes ? g->inode_bitmap : g->block_bitmap, out);
		if (!ret && !((*out)->state & BUF_CHECKED) && !bitmap_good(fs, g, inodes, ext_data(*out))) {
			ext_put(fs, *out);
			ret = ext_damaged(fs, "a bitmap of group", group);
		} else if (!ret) {
			(*out)->state |= BUF_CHECKED;
		}
	}
	ext_put(fs, buf);
	return ret;
}

static int settle_bitmap(struct ext_fs *fs, struct ext_group_disk *g, bool inodes)
{
	struct ext_buf *bits;
	int ret = ext_read(fs, inodes ? g->inode_bitmap : g->block_bitmap, &bits);

	if (ret)
		return ret;
	uint32_t sum = bitmap_sum(fs, inodes, ext_data(bits));

	ext_put(fs, bits);
	*(inodes ? &g->inode_csum : &g->block_csum) = (uint16_t)sum;
	if (fs->desc_size > EXT_GROUP_SHORT)
		*(inodes ? &g->inode_csum_hi : &g->block_csum_hi) = (uint16_t)(sum >> 16);
	return 0;
}

static int settle_group(struct ext_fs *fs, uint32_t group)
{
	struct ext_group_disk *g;
	struct ext_buf *buf;
	int ret = ext_group(fs, group, &buf, &g);

	if (ret)
		return ret;
	if (fs->csum && (fs->stale[group] & STALE_BLOCKS))
		ret = settle_bitmap(fs, g, false);
	if (!ret && fs->csum && (fs->stale[group] & STALE_INODES))
		ret = settle_bitmap(fs, g, true);
	g->checksum = ext_group_sum(fs, group, g);
	ext_dirty_meta(fs, buf);
	ext_put(fs, buf);
	fs->stale[group] = 0;
	return ret;
}

int ext_groups_settle(struct ext_fs *fs)
{
	int ret = 0;

	for (uint32_t i = 0; !ret && i < fs->groups; i++)
		if (fs->stale[i])
			ret = settle_group(fs, i);
	if (fs->csum)
		ext_super(fs)->checksum = ext_super_sum(ext_super(fs));
	return ret;
}
