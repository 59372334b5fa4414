/* SPDX-License-Identifier: BSD-3-Clause */
/* Reading the journal: where it lies, and what of it is to be done again. Everything in it is checked: it is the disk's. */
#include <core/alloc.h>
#include <core/errno.h>
#include <core/log.h>
#include <core/string.h>

#include "internal.h"

#define REVOKES_MAX (1u << 20)

enum pass { PASS_SCAN, PASS_REVOKE, PASS_REPLAY };

/* A block that transactions up to @sequence must not write. */
struct revoke {
	struct tree_node node;
	uint64_t block;
	uint32_t sequence;
};

struct replay {
	struct ext_fs *fs;
	uint32_t features, seed;
	uint32_t at, sequence; /* of the block that is next, and of its transaction */
	uint32_t end; /* the first transaction that is not whole */
	uint32_t left; /* blocks that may still be read in this pass */
	enum pass pass;
	struct tree revokes;
	unsigned nrevokes, written;
	char *block, *data;
};

struct tag {
	uint64_t block;
	uint32_t flags, sum;
	size_t size;
};

static bool revoke_before(const struct tree_node *a, const struct tree_node *b)
{
	return tree_entry(a, const struct revoke, node)->block < tree_entry(b, const struct revoke, node)->block;
}

static uint32_t be32_at(const char *p)
{
	uint32_t v;

	memcpy(&v, p, sizeof(v));
	return journal_be32(v);
}

static bool has_sums(const struct replay *r)
{
	return r->features & (JOURNAL_CSUM2 | JOURNAL_CSUM3);
}

static int next_block(struct replay *r, char *buf)
{
	const struct ext_journal *j = &r->fs->journal;
	uint32_t block;
	int ret = r->left-- ? ext_journal_block(r->fs, r->at, &block) : -EIO;

	if (ret)
		return ret;
	r->at = r->at + 1 < j->length ? r->at + 1 : j->first;
	return ext_raw(r->fs, false, block, buf);
}

/* The sum of a block that has it at @at, or, with 0, at its end. */
static bool sum_good(const struct replay *r, char *block, size_t at)
{
	if (!has_sums(r))
		return true;
	at = at ? at : r->fs->block_size - sizeof(uint32_t);
	uint32_t stored = be32_at(block + at);

	memset(block + at, 0, sizeof(stored));
	return ext_crc32c(r->seed, block, r->fs->block_size) == stored;
}

static struct revoke *find_revoke(const struct replay *r, uint64_t block)
{
	for (struct tree_node *n = r->revokes.root; n;) {
		struct revoke *v = tree_entry(n, struct revoke, node);

		if (v->block == block)
			return v;
		n = block < v->block ? n->left : n->right;
	}
	return NULL;
}

static int add_revoke(struct replay *r, uint64_t block)
{
	struct revoke *v = find_revoke(r, block);

	if (!v) {
		v = r->nrevokes < REVOKES_MAX ? kzalloc(sizeof(*v)) : NULL;
		if (!v)
			return -ENOMEM;
		v->block = block;
		tree_insert(&r->revokes, &v->node);
		r->nrevokes++;
	}
	v->sequence = r->sequence;
	return 0;
}

static int take_revokes(struct replay *r)
{
	size_t size = r->features & JOURNAL_64BIT ? 8 : 4, at = sizeof(struct journal_head) + 4;
	size_t end = be32_at(r->block + sizeof(struct journal_head));
	int ret = 0;

	if (r->pass != PASS_REVOKE)
		return 0;
	if (end > r->fs->block_size - (has_sums(r) ? sizeof(uint32_t) : 0) || !sum_good(r, r->block, 0))
		return -EIO;
	for (; at + size <= end && !ret; at += size)
		ret = add_revoke(r, size == 8 ? (uint64_t)be32_at(r->block + at) << 32 | be32_at(r->block + at + 4)
		                              : be32_at(r->block + at));
	return ret;
}

/* The tag at @at. False: it is not within the block. */
static bool get_tag(const struct replay *r, size_t at, struct tag *t)
{
	size_t end = r->fs->block_size - (has_sums(r) ? sizeof(uint32_t) : 0), high = r->features & JOURNAL_64BIT ? 4 : 0;
	const char *p = r->block + at;

	t->size = r->features & JOURNAL_CSUM3 ? 16 : 8 + high + (r->features & JOURNAL_CSUM2 ? 2 : 0);
	if (at + t->size > end)
		return false;
	t->block = be32_at(p) | (high ? (uint64_t)be32_at(p + 8) << 32 : 0);
	t->flags = r->features & JOURNAL_CSUM3 ? be32_at(p + 4) : be32_at(p + 4) & 0xffff;
	t->sum = r->features & JOURNAL_CSUM3 ? be32_at(p + 12) : be32_at(p + 4) >> 16;
	t->size += t->flags & TAG_SAME_UUID ? 0 : 16;
	return at + t->size <= end;
}

static bool data_good(const struct replay *r, const struct tag *t)
{
	uint32_t sequence = journal_be32(r->sequence), sum;

	if (!has_sums(r))
		return true;
	sum = ext_crc32c(ext_crc32c(r->seed, &sequence, sizeof(sequence)), r->data, r->fs->block_size);
	return r->features & JOURNAL_CSUM3 ? sum == t->sum : (uint16_t)sum == t->sum;
}

static int replay_block(struct replay *r, const struct tag *t)
{
	const struct revoke *v = find_revoke(r, t->block);
	uint32_t magic = journal_be32(JOURNAL_MAGIC);
	int ret = next_block(r, r->data);

	if (ret || (v && (int32_t)(v->sequence - r->sequence) >= 0))
		return ret;
	if (t->block >= r->fs->blocks || !data_good(r, t))
		return -EIO;
	if (t->flags & TAG_ESCAPED)
		memcpy(r->data, &magic, sizeof(magic));
	r->written++;
	return ext_raw(r->fs, true, t->block, r->data);
}

static int take_descriptor(struct replay *r)
{
	struct tag t = { 0 };
	int ret = sum_good(r, r->block, 0) ? 0 : -EIO;

	for (size_t at = sizeof(struct journal_head); !ret && !(t.flags & TAG_LAST); at += t.size) {
		if (!get_tag(r, at, &t))
			break;
		if (r->pass == PASS_REPLAY)
			ret = replay_block(r, &t);
		else if (r->left--)
			r->at = r->at + 1 < r->fs->journal.length ? r->at + 1 : r->fs->journal.first;
		else
			ret = -EIO;
	}
	return ret;
}

/* Where the sum is in a block that ends a transaction. */
#define COMMIT_SUM 16

/* One block. 1: the journal ends here. */
static int step(struct replay *r)
{
	int ret = r->left && !(r->pass != PASS_SCAN && r->sequence == r->end) ? next_block(r, r->block) : 1;

	if (ret)
		return ret;
	if (be32_at(r->block) != JOURNAL_MAGIC || be32_at(r->block + 8) != r->sequence)
		return 1;
	switch (be32_at(r->block + 4)) {
	case JOURNAL_DESCRIPTOR:
		ret = take_descriptor(r);
		return r->pass == PASS_SCAN && ret == -EIO ? 1 : ret;
	case JOURNAL_REVOKE:
		return take_revokes(r);
	case JOURNAL_COMMIT:
		if (!sum_good(r, r->block, COMMIT_SUM))
			return 1;
		r->sequence++;
		return 0;
	default:
		return 1;
	}
}

static int run(struct replay *r, enum pass pass, const struct journal_super *js)
{
	int ret = 0;

	r->pass = pass;
	r->at = journal_be32(js->start);
	r->sequence = journal_be32(js->sequence);
	r->left = r->fs->journal.length;
	while (!ret)
		ret = step(r);
	if (pass == PASS_SCAN)
		r->end = r->sequence;
	return ret == 1 ? 0 : ret;
}

int ext_journal_replay(struct ext_fs *fs, const struct journal_super *js)
{
	struct ext_journal *j = &fs->journal;
	struct replay r = { .fs = fs, .features = journal_be32(js->incompat), .block = j->block, .data = j->copy };
	uint32_t start = journal_be32(js->start);
	int ret = 0;

	r.revokes = (struct tree)TREE_INIT(revoke_before, NULL);
	r.seed = ext_crc32c(~0u, js->uuid, sizeof(js->uuid));
	r.end = journal_be32(js->sequence);
	if (start && (start < j->first || start >= j->length))
		return -EIO;
	for (enum pass pass = PASS_SCAN; start && pass <= PASS_REPLAY && !ret; pass++)
		ret = run(&r, pass, js);
	while (r.revokes.root) {
		struct revoke *v = tree_entry(r.revokes.root, struct revoke, node);

		tree_remove(&r.revokes, &v->node);
		kfree(v);
	}
	if (ret)
		return ret;
	j->sequence = r.end + 1;
	if (r.written)
		pr_info("%s: %u blocks were replayed from the journal", fs->dev->name, r.written);
	ret = ext_flush(fs);
	if (!ret)
		ret = ext_journal_mark(fs, 0);
	return ret ? ret : ext_flush(fs);
}
