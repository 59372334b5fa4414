/* SPDX-License-Identifier: BSD-3-Clause */
/* Block devices: drivers register them, devfs shows them. */
#ifndef CORE_BLOCK_H
#define CORE_BLOCK_H

#include <core/base.h>
#include <core/list.h>

enum block_op { BLOCK_READ, BLOCK_WRITE, BLOCK_FLUSH, BLOCK_DISCARD };

#define BLOCK_SECTOR_MIN 512u
#define BLOCK_SECTOR_MAX PAGE_SIZE

struct block_vec {
	void *base; /* of any alignment: the kernel's memory, the image's, or what vmem_pin() gave; it stays, and may be touched in any context */
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
	uint64_t size; /* bytes, at most INT64_MAX; part of a sector at the end is cut off */
	unsigned sector_size; /* logical: a power of two from BLOCK_SECTOR_MIN to BLOCK_SECTOR_MAX */
	unsigned physical_sector_size; /* a power of two, >= sector_size; anything else is taken as sector_size */
	unsigned max_bytes; /* largest read or write, at least a sector; 0: no limit */
	unsigned max_segments; /* most pages, or parts of pages, that one read or write may touch, 0: no limit */
	uint64_t max_discard; /* most bytes of one discard, 0: no limit */
	bool read_only;
	bool can_flush;
	bool can_discard;
	/* Queue @req. Always ends in @done, possibly before it returns. Never sleeps; callable from any context. */
	void (*submit)(struct block_dev *dev, struct block_req *req);
	/* For devices that go: block_unregister() was called, and the last user is gone. The driver may free @dev. Thread context. */
	void (*release)(struct block_dev *dev);
	void *priv;
	struct list link;
	unsigned users; /* the registry, and those of block_get() */
};

/* Who wants to know of every device: those that are there, and those that come and go. Called in thread context, one at a time. */
struct block_listener {
	/* Returns 0, or -Exxx: then the device is not registered. */
	int (*appeared)(const struct block_dev *dev);
	void (*gone)(const struct block_dev *dev);
};

/* Drivers: end @req with @status. */
void block_complete(struct block_req *req, int status);

/*
 * The device stays the driver's and must live on, for ever or until its release(). Returns 0; -EINVAL, after a line in the log, for sizes and
 * limits that cannot be; -EEXIST for a name in use; or what the listener gave. Thread context.
 */
int block_register(struct block_dev *dev);
/*
 * Nobody finds @dev any more, and its name is free. Those who have it keep it: the driver ends their requests, with an error. Then, or at once,
 * release(). Thread context.
 */
void block_unregister(struct block_dev *dev);
/* Somebody besides the registry has @dev. */
bool block_in_use(const struct block_dev *dev);

/* The device @name, which lives until block_put(); NULL if there is none. Any context. */
struct block_dev *block_get(const char *name);
/* Thread context. */
void block_put(struct block_dev *dev);

/* There is one listener. What it cannot take of the devices that are there is logged. Thread context. */
void block_listen(const struct block_listener *listener);

/* Name @dev as Linux numbers disks: @prefix and a to z, then aa, ab ... for @index 0, 1 ... */
void block_name(struct block_dev *dev, const char *prefix, unsigned index);
/* The index of such a name, or -1 if @name is none with @prefix. Any context. */
int block_index(const char *name, const char *prefix);

/* Vectors of one part of a request; more of them just make more parts. */
#define BLOCK_PART_VEC 64

/* A request of any size, which core/block splits by the device's limits. Owned by the submitter again when @done is called. */
struct block_io {
	struct block_dev *dev; /* stays until @done: block_get() */
	enum block_op op;
	uint64_t offset; /* bytes; multiple of the sector size, as the sum of the lengths */
	const struct block_vec *vec; /* stay until @done; of a discard only the lengths count, a flush has none */
	unsigned nvec;
	int status; /* 0 or the driver's -Exxx, set before @done; of the parts behind one that fails none is begun */
	void (*done)(struct block_io *io); /* thread or interrupt-handler context */

	/* core/block's; @offset, @vec and @nvec move as well */
	size_t at; /* bytes of the first vector that are begun */
	uint64_t left; /* bytes that are not, or 1 for a flush that is not */
	unsigned pace;
	struct block_req req;
	struct block_vec part[BLOCK_PART_VEC];
};

/*
 * Begin @io. Returns 0: its done() will be called, or was; or without that -EINVAL for wrong alignment or a range beyond the end, -ENOSPC for a
 * write beyond it, -EROFS, -EOPNOTSUPP for a discard that the device cannot do. Never sleeps; any context.
 */
int block_start(struct block_io *io);

/* The same as a call that sleeps until it is done. Returns what block_start() does, or the status. Thread context. */
int block_rw(struct block_dev *dev, enum block_op op, uint64_t offset, const struct block_vec *vec, unsigned nvec);

#endif
