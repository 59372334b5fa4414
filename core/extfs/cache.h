/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Blocks of a disk in memory, a page at a time. Clean ones go as the allocator asks for them, at any time and in any context, unless they are held.
 * All else is under the file system's lock.
 */
#ifndef CORE_EXTFS_CACHE_H
#define CORE_EXTFS_CACHE_H

#include <core/block.h>
#include <core/list.h>
#include <core/tree.h>

struct ext_fs;

enum {
	BUF_VALID = 1,
	BUF_CHECKED = 2, /* its content was found to be good */
	BUF_DATA = 4, /* newer than the disk, to be written to its place at any time */
	BUF_TXN = 8, /* in the running transaction */
	BUF_CKPT = 16, /* in the journal, and to be written to its place when no transaction runs */
	BUF_DIRTY = BUF_DATA | BUF_TXN | BUF_CKPT,
};

struct ext_page;

struct ext_buf {
	struct ext_page *page;
	uint32_t block;
	unsigned state;
	struct tree_node dirty, ckpt; /* of data or the transaction; of what waits for a checkpoint */
};

struct ext_page {
	struct tree_node node;
	struct list lru; /* when it is neither held nor dirty; of those without memory afterwards */
	uint64_t index;
	char *data; /* PAGE_SIZE bytes */
	unsigned refs, dirty; /* users; dirty buffers */
	unsigned shift; /* of a block's size */
	struct ext_buf buf[];
};

struct ext_cache {
	struct tree pages, data, txn, ckpt;
	struct list lru, dead; /* least recently used first; pages whose memory was taken */
	struct list link; /* of all caches */
	size_t count, max; /* pages: there are, there should be */
	size_t datas, txns, ckpts; /* buffers in those trees */
	bool needed; /* the transaction has more than times */
	bool unflushed; /* something was written since the disk's last flush */
};

char *ext_data(const struct ext_buf *buf);

void ext_cache_init(struct ext_fs *fs);
/* Forget all: nothing is held or dirty. */
void ext_cache_drop(struct ext_fs *fs);
/* The same for good, and for what was not written. */
void ext_cache_free(struct ext_fs *fs);

/* The buffer of a block, held, with what is on the disk. 0, -EIO, -ENOMEM. */
int ext_read(struct ext_fs *fs, uint64_t block, struct ext_buf **out);
/* The same without reading: zeroes. */
int ext_clear(struct ext_fs *fs, uint64_t block, struct ext_buf **out);
/* Let @count blocks from @block on be valid, by one request; errors show when they are asked for. */
void ext_read_ahead(struct ext_fs *fs, uint64_t block, unsigned count);
bool ext_memory_is_short(void);
bool ext_is_cached(struct ext_fs *fs, uint64_t block);
/* NULL is allowed. */
void ext_put(struct ext_fs *fs, struct ext_buf *buf);
void ext_dirty_data(struct ext_fs *fs, struct ext_buf *buf);
/* Into the transaction; a block that this transaction made is written like data instead. */
void ext_dirty_meta(struct ext_fs *fs, struct ext_buf *buf);
/* The block was freed: it is not written any more. */
void ext_forget(struct ext_fs *fs, uint64_t block);
/* The transaction is in the journal. */
void ext_txn_committed(struct ext_fs *fs);

/* --- between cache.c and dirty.c ----------------------------------------------------------------------------------------- */

void ext_dirty_init(struct ext_cache *c);
/* Nothing is dirty any more, written or not. */
void ext_dirty_discard(struct ext_fs *fs);
/* The counts and trees follow the state. */
void ext_set_state(struct ext_fs *fs, struct ext_buf *buf, unsigned state);
/* One buffer more, or less, of @page is dirty. */
void ext_page_dirty(struct ext_fs *fs, struct ext_page *page, bool more);
/* One request for @n buffers, which are held and follow each other. */
int ext_transfer(struct ext_fs *fs, enum block_op op, struct ext_buf *const *buf, unsigned n);

/* --- dirty.c -------------------------------------------------------------------------------------------------------------- */

/* Write all that is BUF_DATA, or all that is BUF_CKPT, to its place. 0 or -Exxx. */
int ext_write_all(struct ext_fs *fs, unsigned state);
int ext_flush(struct ext_fs *fs);
/* A buffer of one block, past the cache. */
int ext_raw(struct ext_fs *fs, bool write, uint64_t block, void *data);

#define EXT_RUN 64u /* blocks in a request */

#endif
