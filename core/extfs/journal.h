/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The journal, in the format that Linux and e2fsck read. Ours has none of its optional features: a transaction is descriptors with the blocks that
 * they name, all flushed, and then one block that makes it count, flushed. Read are all features but fast commits.
 */
#ifndef CORE_EXTFS_JOURNAL_H
#define CORE_EXTFS_JOURNAL_H

#include <core/base.h>

struct ext_fs;

#define JOURNAL_MAGIC 0xc03b3998u
#define JOURNAL_BLOCKS_MIN 1024u
#define JOURNAL_BLOCKS_MAX (1u << 20)

enum { JOURNAL_DESCRIPTOR = 1, JOURNAL_COMMIT = 2, JOURNAL_SUPER1 = 3, JOURNAL_SUPER2 = 4, JOURNAL_REVOKE = 5 };

#define JOURNAL_REVOKES 0x1u
#define JOURNAL_64BIT 0x2u
#define JOURNAL_ASYNC 0x4u
#define JOURNAL_CSUM2 0x8u
#define JOURNAL_CSUM3 0x10u
#define JOURNAL_KNOWN (JOURNAL_REVOKES | JOURNAL_64BIT | JOURNAL_ASYNC | JOURNAL_CSUM2 | JOURNAL_CSUM3)

#define TAG_ESCAPED 1u
#define TAG_SAME_UUID 2u
#define TAG_LAST 8u

/* Big-endian. */
struct journal_head {
	uint32_t magic, type, sequence;
};

struct journal_super {
	struct journal_head head;
	uint32_t block_size, length, first, sequence, start, error;
	uint32_t compat, incompat, ro_compat;
	uint8_t uuid[16];
	uint32_t users, copy, transaction_max, data_max;
	uint8_t checksum_type, unused1[3];
	uint32_t unused2[43];
	uint32_t checksum; /* at 252 */
	uint8_t user_ids[16 * 48];
};

struct ext_run {
	uint32_t index, block, count;
};

struct ext_journal {
	struct ext_run *runs; /* where it lies, in order */
	unsigned nruns, runs_max;
	uint32_t length, first; /* blocks; of the first that is not the superblock */
	uint32_t sequence; /* of the running transaction */
	uint32_t head, used; /* where that goes; blocks that are in use before it; used 0: the journal is empty */
	uint8_t uuid[16];
	struct journal_super *super; /* a block's size */
	char *block, *copy; /* to write from */
};

static inline uint32_t journal_be32(uint32_t v)
{
	return __builtin_bswap32(v);
}

/* Find it, and replay what it has. 0, -EOPNOTSUPP, -EIO, -ENOMEM. A line says why. */
int ext_journal_open(struct ext_fs *fs);
/* Write its superblock: empty, or beginning at @start. */
int ext_journal_mark(struct ext_fs *fs, uint32_t start);
/* Block @index of the journal lies at *@out. */
int ext_journal_block(const struct ext_fs *fs, uint32_t index, uint32_t *out);
int ext_journal_replay(struct ext_fs *fs, const struct journal_super *js);
/* How many blocks a transaction may have before it is committed. */
uint32_t ext_txn_limit(const struct ext_fs *fs);
/* Make what was done so far durable. On failure nothing is written any more. */
int ext_commit(struct ext_fs *fs);
/* Commit, write all to its place, and empty the journal. */
int ext_checkpoint(struct ext_fs *fs);

#endif
