/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Extents, as ext4 maps files: read, and turned into tables when a file's map is to change. Tables are as good for every system that reads ext4;
 * that there is one way to change a map only is worth more here than their size.
 */
#include <core/alloc.h>
#include <core/errno.h>
#include <core/string.h>

#include "internal.h"

/* A node of the tree is good: of @depth, within @size bytes. */
static bool node_good(const struct ext_extent_header *h, unsigned depth, size_t size)
{
	return h->magic == EXTENT_MAGIC && h->depth == depth && h->entries <= h->max &&
	       sizeof(*h) + (size_t)h->max * sizeof(struct ext_extent) <= size;
}

/* The last of @n entries of 12 bytes that begin with their first block's number which is not behind @index; NULL if there is none. */
static const void *entry_for(const struct ext_extent_header *h, uint64_t index)
{
	const struct ext_extent *e = (const struct ext_extent *)(h + 1), *found = NULL;

	for (unsigned i = 0; i < h->entries && e[i].block <= index; i++)
		found = &e[i];
	return found;
}

static int read_node(struct ext_inode *inode, const struct ext_extent_index *e, unsigned depth, struct ext_buf **out)
{
	struct ext_fs *fs = to_fs(inode->base.sb);

	if (e->leaf_hi || !ext_block_ok(fs, e->leaf))
		return ext_damaged(fs, "the extents of inode", inode->base.ino);
	int ret = ext_read(fs, e->leaf, out);

	if (ret)
		return ret;
	const struct ext_extent_header *h = (const struct ext_extent_header *)ext_data(*out);
	bool good = node_good(h, depth, fs->block_size);

	if (good && !((*out)->state & BUF_CHECKED)) {
		good = ext_extent_sum_good(inode, (const char *)h);
		(*out)->state |= good ? BUF_CHECKED : 0;
	}
	if (good)
		return 0;
	ext_put(fs, *out);
	return ext_damaged(fs, "the extents of inode", inode->base.ino);
}

static int block_in(struct ext_inode *inode, const struct ext_extent *e, uint64_t index, uint32_t *out)
{
	struct ext_fs *fs = to_fs(inode->base.sb);
	uint64_t at = e ? index - e->block : 0, start = e ? e->start | (uint64_t)e->start_hi << 32 : 0;

	*out = 0;
	if (!e || e->length > EXTENT_WRITTEN_MAX || at >= e->length)
		return 0;
	if (!ext_block_ok(fs, start) || !ext_block_ok(fs, start + at))
		return ext_damaged(fs, "the extents of inode", inode->base.ino);
	*out = (uint32_t)(start + at);
	return 0;
}

int ext_extent_map(struct ext_inode *inode, uint64_t index, uint32_t *out)
{
	struct ext_fs *fs = to_fs(inode->base.sb);
	const struct ext_extent_header *h = (const struct ext_extent_header *)inode->block;
	struct ext_buf *node = NULL, *next;
	unsigned depth = h->depth;
	int ret = 0;

	if (depth > EXTENT_DEPTH_MAX || !node_good(h, depth, sizeof(inode->block)))
		return ext_damaged(fs, "the extents of inode", inode->base.ino);
	*out = 0;
	while (depth) {
		const struct ext_extent_index *e = entry_for(h, index);

		if (!e)
			break;
		ret = read_node(inode, e, --depth, &next);
		if (ret)
			break;
		ext_put(fs, node);
		node = next;
		h = (const struct ext_extent_header *)ext_data(node);
	}
	if (!ret && !depth)
		ret = block_in(inode, entry_for(h, index), index, out);
	ext_put(fs, node);
	return ret;
}

struct conversion {
	struct ext_inode *inode;
	uint32_t last; /* behind the last block of the file that was seen: they ascend */
	bool release; /* the second walk: free what the tables do not have */
	bool all; /* no tables take over: free all */
};

static int convert_extent(struct conversion *c, const struct ext_extent *e)
{
	struct ext_fs *fs = to_fs(c->inode->base.sb);
	bool written = e->length <= EXTENT_WRITTEN_MAX;
	uint32_t n = written ? e->length : e->length - EXTENT_WRITTEN_MAX;
	uint64_t start = e->start | (uint64_t)e->start_hi << 32;
	int ret = 0;

	if (e->block < c->last || !n || n > UINT32_MAX - e->block || !ext_block_ok(fs, start) ||
	    !ext_block_ok(fs, start + n - 1))
		return ext_damaged(fs, "the extents of inode", c->inode->base.ino);
	c->last = e->block + n;
	for (uint32_t i = 0; i < n && !ret; i++) {
		if (!c->release && written)
			ret = ext_map_set(c->inode, e->block + i, (uint32_t)start + i);
		else if (c->release && (!written || c->all))
			ret = ext_block_free(fs, (uint32_t)start + i, S_ISDIR(c->inode->base.mode));
	}
	if (c->release && (!written || c->all))
		c->inode->sectors -= MIN(c->inode->sectors, (uint64_t)n << (fs->block_shift - 9));
	return ret;
}

static int convert_node(struct conversion *c, const struct ext_extent_header *h, unsigned depth)
{
	struct ext_fs *fs = to_fs(c->inode->base.sb);
	int ret = 0;

	for (unsigned i = 0; i < h->entries && !ret; i++) {
		const struct ext_extent *e = (const struct ext_extent *)(h + 1) + i;
		const struct ext_extent_index *x = (const void *)e;
		struct ext_buf *node;

		if (!depth) {
			ret = convert_extent(c, e);
			continue;
		}
		ret = read_node(c->inode, x, depth - 1, &node);
		if (ret)
			break;
		ret = convert_node(c, (const struct ext_extent_header *)ext_data(node), depth - 1);
		ext_put(fs, node);
		if (!ret && c->release) {
			ret = ext_block_free(fs, x->leaf, true);
			c->inode->sectors -= MIN(c->inode->sectors, (uint64_t)fs->block_size / 512);
		}
	}
	return ret;
}

int ext_extents_convert(struct ext_inode *inode)
{
	struct ext_fs *fs = to_fs(inode->base.sb);
	struct conversion c = { .inode = inode };
	uint32_t old[EXT_SLOTS];
	const struct ext_extent_header *h = (const struct ext_extent_header *)old;

	memcpy(old, inode->block, sizeof(old));
	if (h->depth > EXTENT_DEPTH_MAX || !node_good(h, h->depth, sizeof(old)))
		return ext_damaged(fs, "the extents of inode", inode->base.ino);
	memset(inode->block, 0, sizeof(inode->block));
	inode->flags &= ~INODE_EXTENTS;
	int ret = convert_node(&c, h, h->depth);

	if (ret) {
		ext_tables_free(inode);
		memcpy(inode->block, old, sizeof(old));
		inode->flags |= INODE_EXTENTS;
		return ret;
	}
	c = (struct conversion){ .inode = inode, .release = true };
	ret = convert_node(&c, h, h->depth);
	ext_inode_write(inode);
	return ret;
}

int ext_extents_free(struct ext_inode *inode)
{
	struct conversion c = { .inode = inode, .release = true, .all = true };
	const struct ext_extent_header *h = (const struct ext_extent_header *)inode->block;

	if (h->depth > EXTENT_DEPTH_MAX || !node_good(h, h->depth, sizeof(inode->block)))
		return ext_damaged(to_fs(inode->base.sb), "the extents of inode", inode->base.ino);
	int ret = convert_node(&c, h, h->depth);

	if (ret)
		return ext_damaged(to_fs(inode->base.sb), "blocks are freed in part: inode", inode->base.ino);
	memset(inode->block, 0, sizeof(inode->block));
	inode->flags &= ~INODE_EXTENTS;
	return 0;
}
