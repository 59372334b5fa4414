/* SPDX-License-Identifier: BSD-3-Clause */
/* Block devices: drivers register them, devfs shows them. */
#ifndef CORE_BLOCK_H
#define CORE_BLOCK_H

#include <core/base.h>
#include <core/list.h>

enum block_op { BLOCK_READ, BLOCK_WRITE, BLOCK_FLUSH, BLOCK_DISCARD };

struct block_vec {
	void *base; /* any mapped memory, user memory too; aligned to 512 bytes or in one page-safe piece per driver's need */
	size_t len; /* multiple of 512 */
};

/* Owned by the submitter until @done is called, in interrupt-handler context. */
struct block_req {
	enum block_op op;
	uint64_t offset; /* bytes, multiple of the sector size */
	uint64_t length; /* bytes in all vectors; for discard: what to discard */
	const struct block_vec *vec;
	unsigned nvec;
	int status; /* 0 or -Exxx, set before @done */
	void (*done)(struct block_req *req);
	struct list link; /* for the driver's queue while it owns the request */
};

struct block_dev {
	char name[16]; /* "vda", "xvda" */
	uint64_t size; /* bytes */
	unsigned sector_size; /* logical, >= 512 */
	unsigned physical_sector_size;
	unsigned max_bytes; /* largest request, 0: no limit */
	bool read_only;
	bool can_flush;
	bool can_discard;
	/* Queue @req. Always ends in @done, possibly before it returns. Never sleeps; callable from any context. */
	void (*submit)(struct block_dev *dev, struct block_req *req);
	void *priv;
	struct list link;
};

/* The device stays the driver's and must live on. Returns 0, or -EEXIST for a name in use. */
int block_register(struct block_dev *dev);
struct block_dev *block_find(const char *name);
/* Call @fn for every device until it returns non-zero, and return that. */
int block_for_each(int (*fn)(struct block_dev *dev, void *arg), void *arg);

/* Submit and sleep until done; splits by max_bytes. Returns 0 or -Exxx. Thread context. */
int block_rw(struct block_dev *dev, enum block_op op, uint64_t offset, const struct block_vec *vec, unsigned nvec);

#endif
