/* SPDX-License-Identifier: BSD-3-Clause */
/* Block devices: drivers register them, devfs shows them. */
#ifndef CORE_BLOCK_H
#define CORE_BLOCK_H

#include <core/base.h>
#include <core/list.h>

enum block_op { BLOCK_READ, BLOCK_WRITE, BLOCK_FLUSH, BLOCK_DISCARD };

struct block_vec {
	void *base; /* any mapped memory, user memory too, of any alignment */
	size_t len;
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
	unsigned max_bytes; /* largest read or write, 0: no limit */
	unsigned max_segments; /* most pages, or parts of pages, that one read or write may touch, 0: no limit */
	uint64_t max_discard; /* most bytes of one discard, 0: no limit */
	bool read_only;
	bool can_flush;
	bool can_discard;
	/* Queue @req. Always ends in @done, possibly before it returns. Never sleeps; callable from any context. */
	void (*submit)(struct block_dev *dev, struct block_req *req);
	void *priv;
	struct list link;
};

/* Drivers: end @req with @status. */
void block_complete(struct block_req *req, int status);

/* The device stays the driver's and must live on. Returns 0, or -EEXIST for a name in use. */
int block_register(struct block_dev *dev);
struct block_dev *block_find(const char *name);
/* Call @fn for every device until it returns non-zero, and return that. */
int block_for_each(int (*fn)(struct block_dev *dev, void *arg), void *arg);

/*
 * Submit and sleep until done; splits by the device's limits. @offset and the sum of the lengths are multiples of the sector size; a discard takes
 * its length from the vectors and ignores their addresses; a flush has none. Returns 0, -EINVAL for wrong alignment or a range
 * beyond the end, -EROFS, -EOPNOTSUPP for a discard that the device cannot do, or the driver's -Exxx. Thread context.
 */
int block_rw(struct block_dev *dev, enum block_op op, uint64_t offset, const struct block_vec *vec, unsigned nvec);

#endif
