/* SPDX-License-Identifier: BSD-3-Clause */
#include <core/alloc.h>
#include <core/errno.h>
#include <core/string.h>

#include "internal.h"

#define SHARE 4 /* the part of memory that a cache may have */

static struct spinlock cache_lock = SPINLOCK_INIT("extfs: cached pages");
static struct list caches = LIST_INIT(caches);

static unsigned per_page(const struct ext_fs *fs)
{
	return (unsigned)(PAGE_SIZE >> fs->block_shift);
}

char *ext_data(const struct ext_buf *buf)
{
	return buf->page->data + ((size_t)(buf - buf->page->buf) << buf->page->shift);
}

static bool page_before(const struct tree_node *a, const struct tree_node *b)
{
	return tree_entry(a, const struct ext_page, node)->index < tree_entry(b, const struct ext_page, node)->index;
}

/* The page that was not used for longest gives its memory. With the lock held. */
static bool take_one(struct ext_cache *c)
{
	if (list_empty(&c->lru))
		return false;
	struct ext_page *page = list_first(&c->lru, struct ext_page, lru);

	list_del(&page->lru);
	tree_remove(&c->pages, &page->node);
	page_free(page->data, 0);
	list_push_back(&c->dead, &page->lru);
	c->count--;
	return true;
}

/* Memory is short: any context, with any lock but this one and the page allocator's. */
static bool reclaim(size_t pages)
{
	struct ext_cache *c;
	size_t got = 0;

	spin_lock(&cache_lock);
	list_for_each(c, &caches, link)
		while (got < pages && take_one(c))
			got++;
	spin_unlock(&cache_lock);
	return got;
}

void ext_cache_init(struct ext_fs *fs)
{
	struct ext_cache *c = &fs->cache;

	c->pages = (struct tree)TREE_INIT(page_before, NULL);
	ext_dirty_init(c);
	list_init(&c->lru);
	list_init(&c->dead);
	c->max = MAX(page_total() / SHARE, 64ul);
	spin_lock(&cache_lock);
	list_push_back(&caches, &c->link);
	spin_unlock(&cache_lock);
	page_reclaim = reclaim;
}

/* Free what has given its memory. */
static void bury(struct ext_cache *c)
{
	for (;;) {
		struct ext_page *page = NULL;

		spin_lock(&cache_lock);
		if (!list_empty(&c->dead)) {
			page = list_first(&c->dead, struct ext_page, lru);
			list_del(&page->lru);
		}
		spin_unlock(&cache_lock);
		if (!page)
			return;
		kfree(page);
	}
}

static bool shrink(struct ext_cache *c)
{
	spin_lock(&cache_lock);
	bool took = take_one(c);

	spin_unlock(&cache_lock);
	return took;
}

void ext_cache_drop(struct ext_fs *fs)
{
	while (shrink(&fs->cache))
		;
	bury(&fs->cache);
}

/* With the lock held. */
static struct ext_page *find(const struct ext_cache *c, uint64_t index)
{
	for (struct tree_node *n = c->pages.root; n;) {
		struct ext_page *page = tree_entry(n, struct ext_page, node);

		if (page->index == index)
			return page;
		n = index < page->index ? n->left : n->right;
	}
	return NULL;
}

static void hold(struct ext_page *page)
{
	if (!page->refs++)
		list_del(&page->lru); /* harmless if dirty buffers kept it from the list */
}

static void settle(struct ext_cache *c, struct ext_page *page)
{
	if (!page->refs && !page->dirty)
		list_push_back(&c->lru, &page->lru);
}

bool ext_memory_is_short(void)
{
	return page_available() <= page_reserve();
}

/* The cache does not grow beyond its share, nor into the reserve: data go to the disk before. */
static void make_room(struct ext_fs *fs)
{
	struct ext_cache *c = &fs->cache;

	while (c->count >= c->max || ext_memory_is_short())
		if (!shrink(c) && (!c->datas || ext_write_all(fs, BUF_DATA)))
			return;
}

static struct ext_page *new_page(struct ext_fs *fs, uint64_t index)
{
	struct ext_cache *c = &fs->cache;
	unsigned n = per_page(fs);

	bury(c);
	make_room(fs);
	struct ext_page *page = kzalloc(sizeof(*page) + n * sizeof(page->buf[0]));

	if (!page)
		return NULL;
	page->data = page_alloc(0);
	if (!page->data) {
		kfree(page);
		return NULL;
	}
	page->index = index;
	page->refs = 1;
	page->shift = fs->block_shift;
	list_init(&page->lru);
	for (unsigned i = 0; i < n; i++) {
		page->buf[i].page = page;
		page->buf[i].block = (uint32_t)(index * n + i);
	}
	spin_lock(&cache_lock);
	tree_insert(&c->pages, &page->node);
	c->count++;
	spin_unlock(&cache_lock);
	return page;
}

/* The buffer, held, whatever is in it. NULL without memory. */
static struct ext_buf *get(struct ext_fs *fs, uint64_t block)
{
	unsigned n = per_page(fs);

	spin_lock(&cache_lock);
	struct ext_page *page = find(&fs->cache, block / n);

	if (page)
		hold(page);
	spin_unlock(&cache_lock);
	if (!page)
		page = new_page(fs, block / n);
	return page ? &page->buf[block % n] : NULL;
}

void ext_put(struct ext_fs *fs, struct ext_buf *buf)
{
	if (!buf)
		return;
	spin_lock(&cache_lock);
	buf->page->refs--;
	settle(&fs->cache, buf->page);
	spin_unlock(&cache_lock);
}

int ext_transfer(struct ext_fs *fs, enum block_op op, struct ext_buf *const *buf, unsigned n)
{
	struct block_vec vec[EXT_RUN];

	for (unsigned i = 0; i < n; i++)
		vec[i] = (struct block_vec){ ext_data(buf[i]), fs->block_size };
	if (op == BLOCK_WRITE)
		fs->cache.unflushed = true;
	return block_rw(fs->dev, op, (uint64_t)buf[0]->block << fs->block_shift, vec, n);
}

int ext_read(struct ext_fs *fs, uint64_t block, struct ext_buf **out)
{
	int ret = 0;

	if (block >= fs->blocks)
		return ext_damaged(fs, "a block behind the end", block);
	struct ext_buf *buf = get(fs, block);

	if (!buf)
		return -ENOMEM;
	if (!(buf->state & BUF_VALID)) {
		ret = ext_transfer(fs, BLOCK_READ, &buf, 1);
		if (!ret)
			buf->state |= BUF_VALID;
	}
	if (ret)
		ext_put(fs, buf);
	else
		*out = buf;
	return ret;
}

int ext_clear(struct ext_fs *fs, uint64_t block, struct ext_buf **out)
{
	struct ext_buf *buf = get(fs, block);

	if (!buf)
		return -ENOMEM;
	memset(ext_data(buf), 0, fs->block_size);
	buf->state = (buf->state & ~(unsigned)BUF_CHECKED) | BUF_VALID;
	*out = buf;
	return 0;
}

bool ext_is_cached(struct ext_fs *fs, uint64_t block)
{
	unsigned n = per_page(fs);

	spin_lock(&cache_lock);
	struct ext_page *page = find(&fs->cache, block / n);
	bool valid = page && (page->buf[block % n].state & BUF_VALID);

	spin_unlock(&cache_lock);
	return valid;
}

void ext_read_ahead(struct ext_fs *fs, uint64_t block, unsigned count)
{
	struct ext_buf *buf[EXT_RUN];
	unsigned n = 0;

	while (n < MIN(count, EXT_RUN) && !ext_is_cached(fs, block + n) && (buf[n] = get(fs, block + n)))
		n++;
	if (n && !ext_transfer(fs, BLOCK_READ, buf, n))
		for (unsigned i = 0; i < n; i++)
			buf[i]->state |= BUF_VALID;
	while (n)
		ext_put(fs, buf[--n]);
}

void ext_forget(struct ext_fs *fs, uint64_t block)
{
	struct ext_buf *buf = ext_is_cached(fs, block) ? get(fs, block) : NULL;

	if (!buf)
		return;
	ext_set_state(fs, buf, 0);
	ext_put(fs, buf);
}

void ext_page_dirty(struct ext_fs *fs, struct ext_page *page, bool more)
{
	spin_lock(&cache_lock);
	if (more) {
		page->dirty++;
		list_del(&page->lru);
	} else {
		page->dirty--;
		settle(&fs->cache, page);
	}
	spin_unlock(&cache_lock);
}

void ext_cache_free(struct ext_fs *fs)
{
	struct ext_cache *c = &fs->cache;

	ext_dirty_discard(fs);
	ext_cache_drop(fs);
	spin_lock(&cache_lock);
	list_del(&c->link);
	spin_unlock(&cache_lock);
}
