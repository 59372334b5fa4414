/* SPDX-License-Identifier: BSD-3-Clause */
/* Writing the journal. */
#include <core/alloc.h>
#include <core/errno.h>
#include <core/log.h>
#include <core/string.h>

#include "internal.h"

#define SLACK 512u /* what one operation may add to a transaction that was just below its limit */
#define TAG_SIZE 8u
#define UUID_SIZE 16u

/* Blocks on their way to the journal, in one request as long as they follow each other. */
struct batch {
	struct ext_fs *fs;
	struct block_vec vec[EXT_RUN];
	unsigned n;
	uint32_t start; /* on the disk */
	bool copied; /* the one buffer for changed blocks is in use */
};

uint32_t ext_txn_limit(const struct ext_fs *fs)
{
	return fs->journal.length / 4;
}

int ext_journal_block(const struct ext_fs *fs, uint32_t index, uint32_t *out)
{
	const struct ext_journal *j = &fs->journal;

	for (unsigned i = 0; i < j->nruns; i++) {
		const struct ext_run *r = &j->runs[i];

		if (index >= r->index && index - r->index < r->count) {
			*out = r->block + (index - r->index);
			return 0;
		}
	}
	return -EIO;
}

int ext_journal_mark(struct ext_fs *fs, uint32_t start)
{
	struct ext_journal *j = &fs->journal;
	struct journal_super *s = j->super;
	uint32_t block;
	int ret = ext_journal_block(fs, 0, &block);

	s->head.type = journal_be32(JOURNAL_SUPER2);
	s->start = journal_be32(start);
	s->sequence = journal_be32(j->sequence);
	s->compat = s->incompat = s->ro_compat = 0; /* what we write has none; Linux sets its own again */
	s->checksum = 0;
	s->checksum_type = 0;
	return ret ? ret : ext_raw(fs, true, block, s);
}

static int submit(struct batch *b)
{
	struct ext_fs *fs = b->fs;
	int ret = 0;

	if (b->n) {
		fs->cache.unflushed = true;
		ret = block_rw(fs->dev, BLOCK_WRITE, (uint64_t)b->start << fs->block_shift, b->vec, b->n);
	}
	b->n = 0;
	b->copied = false;
	return ret;
}

/* @data is the journal's next block. */
static int push(struct batch *b, void *data)
{
	struct ext_journal *j = &b->fs->journal;
	uint32_t block;
	int ret = ext_journal_block(b->fs, j->head, &block);

	if (!ret && b->n && (b->n == EXT_RUN || block != b->start + b->n))
		ret = submit(b);
	if (ret)
		return ret;
	if (!b->n)
		b->start = block;
	b->vec[b->n++] = (struct block_vec){ data, b->fs->block_size };
	j->head = j->head + 1 < j->length ? j->head + 1 : j->first;
	j->used++;
	return 0;
}

static bool looks_like_head(const char *data)
{
	uint32_t magic = journal_be32(JOURNAL_MAGIC);

	return !memcmp(data, &magic, sizeof(magic));
}

/* A block that begins like the journal's own is written with zeroes there. */
static int push_block(struct batch *b, struct ext_buf *buf)
{
	struct ext_journal *j = &b->fs->journal;
	int ret = 0;

	if (!looks_like_head(ext_data(buf)))
		return push(b, ext_data(buf));
	if (b->copied)
		ret = submit(b);
	if (ret)
		return ret;
	memcpy(j->copy, ext_data(buf), b->fs->block_size);
	memset(j->copy, 0, sizeof(uint32_t));
	ret = push(b, j->copy);
	b->copied = true;
	return ret;
}

static void put_head(struct ext_fs *fs, uint32_t type)
{
	struct journal_head *h = (struct journal_head *)fs->journal.block;

	memset(h, 0, fs->block_size);
	h->magic = journal_be32(JOURNAL_MAGIC);
	h->type = journal_be32(type);
	h->sequence = journal_be32(fs->journal.sequence);
}

static struct ext_buf *buf_of(struct tree_node *n)
{
	return tree_entry(n, struct ext_buf, dirty);
}

static unsigned tags_in_block(const struct ext_fs *fs)
{
	return (fs->block_size - sizeof(struct journal_head) - UUID_SIZE) / TAG_SIZE;
}

/* The descriptor of the blocks from @n on. Returns how many it has. */
static unsigned describe(struct ext_fs *fs, struct tree_node *n)
{
	char *at = fs->journal.block + sizeof(struct journal_head);
	unsigned count = 0, max = tags_in_block(fs);

	put_head(fs, JOURNAL_DESCRIPTOR);
	while (n && count < max) {
		struct tree_node *next = tree_next(n);
		uint32_t flags = (looks_like_head(ext_data(buf_of(n))) ? TAG_ESCAPED : 0) | (count ? TAG_SAME_UUID : 0) |
		                 (!next || count + 1 == max ? TAG_LAST : 0);
		uint32_t tag[2] = { journal_be32(buf_of(n)->block), journal_be32(flags) };

		memcpy(at, tag, TAG_SIZE);
		at += TAG_SIZE;
		if (!count) {
			memcpy(at, fs->journal.uuid, UUID_SIZE);
			at += UUID_SIZE;
		}
		count++;
		n = next;
	}
	return count;
}

static int write_blocks(struct ext_fs *fs)
{
	struct batch b = { .fs = fs };
	struct tree_node *n = tree_first(&fs->cache.txn);
	int ret = 0;

	while (n && !ret) {
		unsigned count = describe(fs, n);

		ret = push(&b, fs->journal.block);
		for (; count && !ret; count--) {
			ret = push_block(&b, buf_of(n));
			n = tree_next(n);
		}
		if (!ret)
			ret = submit(&b); /* the descriptor's buffer is used again */
	}
	return ret;
}

static int write_transaction(struct ext_fs *fs)
{
	struct ext_journal *j = &fs->journal;
	struct batch b = { .fs = fs };
	size_t needed = fs->cache.txns + fs->cache.txns / tags_in_block(fs) + 2;
	int ret = 0;

	if (needed > j->length - j->first - j->used) {
		pr_err("%s: a change of %zu blocks is too large for the journal", fs->dev->name, fs->cache.txns);
		return -EFBIG;
	}
	if (!j->used)
		ret = ext_journal_mark(fs, j->head);
	if (!ret)
		ret = write_blocks(fs);
	if (!ret)
		ret = ext_flush(fs);
	if (ret)
		return ret;
	put_head(fs, JOURNAL_COMMIT);
	ret = push(&b, j->block);
	if (!ret)
		ret = submit(&b);
	return ret ? ret : ext_flush(fs);
}

/* All that is in the journal goes to its place, and the journal is empty. No transaction runs. */
static int empty(struct ext_fs *fs)
{
	struct ext_journal *j = &fs->journal;
	int ret = ext_write_all(fs, BUF_CKPT);

	if (!ret)
		ret = ext_flush(fs);
	if (!ret && j->used)
		ret = ext_journal_mark(fs, 0);
	if (!ret)
		ret = ext_flush(fs);
	if (ret)
		return ret;
	j->used = 0;
	j->head = j->first;
	ext_release_held(fs, true);
	return 0;
}

static int commit(struct ext_fs *fs)
{
	int ret = ext_groups_settle(fs);

	if (!ret)
		ret = ext_write_all(fs, BUF_DATA);
	if (ret || !fs->cache.txns)
		return ret;
	ret = write_transaction(fs);
	if (ret)
		return ret;
	fs->journal.sequence++;
	ext_txn_committed(fs);
	fs->cache.needed = false;
	ext_release_held(fs, false);
	return 0;
}

static int fail(struct ext_fs *fs, int ret)
{
	if (!ret || fs->broken)
		return ret;
	pr_err("%s: a commit failed: errno %d; nothing is written to it any more", fs->dev->name, -ret);
	fs->broken = true;
	return ret;
}

int ext_commit(struct ext_fs *fs)
{
	const struct ext_journal *j = &fs->journal;
	int ret = commit(fs);

	/* The next transaction must find room. */
	if (!ret && j->length - j->first - j->used < ext_txn_limit(fs) + SLACK)
		ret = empty(fs);
	return fail(fs, ret);
}

int ext_checkpoint(struct ext_fs *fs)
{
	int ret = commit(fs);

	if (!ret)
		ret = empty(fs);
	return fail(fs, ret);
}
