/* SPDX-License-Identifier: BSD-3-Clause */
/* Buffers that are newer than the disk: in trees by their place, so that they are written in its order, as many at once as follow each other. */
#include <core/errno.h>

#include "internal.h"

static bool dirty_before(const struct tree_node *a, const struct tree_node *b)
{
	return tree_entry(a, const struct ext_buf, dirty)->block < tree_entry(b, const struct ext_buf, dirty)->block;
}

static bool ckpt_before(const struct tree_node *a, const struct tree_node *b)
{
	return tree_entry(a, const struct ext_buf, ckpt)->block < tree_entry(b, const struct ext_buf, ckpt)->block;
}

void ext_dirty_init(struct ext_cache *c)
{
	c->data = c->txn = (struct tree)TREE_INIT(dirty_before, NULL);
	c->ckpt = (struct tree)TREE_INIT(ckpt_before, NULL);
}

static struct tree *tree_of(struct ext_cache *c, unsigned state)
{
	return state & BUF_DATA ? &c->data : state & BUF_TXN ? &c->txn : NULL;
}

void ext_set_state(struct ext_fs *fs, struct ext_buf *buf, unsigned state)
{
	struct ext_cache *c = &fs->cache;
	unsigned old = buf->state, changed = old ^ state;

	if (changed & (BUF_DATA | BUF_TXN)) {
		if (tree_of(c, old))
			tree_remove(tree_of(c, old), &buf->dirty);
		if (tree_of(c, state))
			tree_insert(tree_of(c, state), &buf->dirty);
		c->datas += !!(state & BUF_DATA) - (size_t) !!(old & BUF_DATA);
		c->txns += !!(state & BUF_TXN) - (size_t) !!(old & BUF_TXN);
	}
	if (changed & BUF_CKPT) {
		if (state & BUF_CKPT)
			tree_insert(&c->ckpt, &buf->ckpt);
		else
			tree_remove(&c->ckpt, &buf->ckpt);
		c->ckpts += !!(state & BUF_CKPT) - (size_t) !!(old & BUF_CKPT);
	}
	buf->state = state;
	if (!(state & BUF_DIRTY) != !(old & BUF_DIRTY))
		ext_page_dirty(fs, buf->page, state & BUF_DIRTY);
}

void ext_dirty_data(struct ext_fs *fs, struct ext_buf *buf)
{
	if (!(buf->state & BUF_DIRTY))
		ext_set_state(fs, buf, buf->state | BUF_DATA);
	else if (buf->state & BUF_CKPT) /* only on a disk that uses one block for two things */
		ext_set_state(fs, buf, buf->state | BUF_TXN);
}

void ext_dirty_meta(struct ext_fs *fs, struct ext_buf *buf)
{
	fs->cache.needed = true;
	if (!(buf->state & (BUF_DATA | BUF_TXN)))
		ext_set_state(fs, buf, buf->state | BUF_TXN);
}

void ext_txn_committed(struct ext_fs *fs)
{
	while (!tree_empty(&fs->cache.txn)) {
		struct ext_buf *buf = tree_entry(fs->cache.txn.root, struct ext_buf, dirty);

		ext_set_state(fs, buf, (buf->state & ~(unsigned)BUF_TXN) | BUF_CKPT);
	}
}

/* One that is dirty, or NULL. */
static struct ext_buf *any_dirty(struct ext_cache *c)
{
	struct tree_node *n = c->data.root ? c->data.root : c->txn.root;

	if (n)
		return tree_entry(n, struct ext_buf, dirty);
	return c->ckpt.root ? tree_entry(c->ckpt.root, struct ext_buf, ckpt) : NULL;
}

void ext_dirty_discard(struct ext_fs *fs)
{
	struct ext_buf *buf;

	while ((buf = any_dirty(&fs->cache)))
		ext_set_state(fs, buf, 0);
}

static struct ext_buf *buf_of(struct tree_node *n, unsigned state)
{
	if (!n)
		return NULL;
	return state == BUF_DATA ? tree_entry(n, struct ext_buf, dirty) : tree_entry(n, struct ext_buf, ckpt);
}

/* One request for the first of them and those that follow on the disk. */
static int write_run(struct ext_fs *fs, const struct tree *t, unsigned state)
{
	struct ext_buf *run[EXT_RUN] = { NULL };
	struct tree_node *node = tree_first(t);
	unsigned n = 0;

	while (node && n < EXT_RUN && (!n || buf_of(node, state)->block == run[n - 1]->block + 1)) {
		run[n++] = buf_of(node, state);
		node = tree_next(node);
	}
	int ret = ext_transfer(fs, BLOCK_WRITE, run, n);

	for (unsigned i = 0; !ret && i < n; i++)
		ext_set_state(fs, run[i], run[i]->state & ~state);
	return ret;
}

int ext_write_all(struct ext_fs *fs, unsigned state)
{
	const struct tree *t = state == BUF_DATA ? &fs->cache.data : &fs->cache.ckpt;
	int ret = 0;

	while (!ret && !tree_empty(t))
		ret = write_run(fs, t, state);
	return ret;
}

int ext_flush(struct ext_fs *fs)
{
	int ret = fs->cache.unflushed ? block_rw(fs->dev, BLOCK_FLUSH, 0, NULL, 0) : 0;

	if (!ret)
		fs->cache.unflushed = false;
	return ret;
}

int ext_raw(struct ext_fs *fs, bool write, uint64_t block, void *data)
{
	struct block_vec vec = { data, fs->block_size };

	if (write)
		fs->cache.unflushed = true;
	return block_rw(fs->dev, write ? BLOCK_WRITE : BLOCK_READ, block << fs->block_shift, &vec, 1);
}
