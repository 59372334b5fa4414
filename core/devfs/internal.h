/* SPDX-License-Identifier: BSD-3-Clause */
/* Shared by the files of core/devfs only. */
#ifndef CORE_DEVFS_INTERNAL_H
#define CORE_DEVFS_INTERNAL_H

#include <core/block.h>
#include <core/devfs.h>

/* block_io.c: move @it's data at *@pos, which stays within the device. Return the count or -Exxx. */
ssize_t block_file_read(struct file *f, struct iov_iter *it, off_t *pos);
ssize_t block_file_write(struct file *f, struct iov_iter *it, off_t *pos);
/* Do offset, lengths and addresses suit @dev, so that it can work directly on the caller's memory? */
bool block_suits(const struct block_dev *dev, struct iov_iter it, off_t pos);

/*
 * block_memory.c: memory that a device works on. What of it is a program's is held page by page until the request is done, whatever becomes of
 * its mapping meanwhile.
 */
struct block_memory {
	struct block_vec *vec; /* of the caller's, */
	unsigned max; /* with so much room */
	unsigned n; /* in use */
	size_t bytes; /* in them */
	bool held; /* by block_memory_get() */
};

/*
 * Describe what comes next in @it, in whole sectors, as much as there is room for, and advance @it over that. Returns 0; -EFAULT; -ENOMEM;
 * -EINVAL: not a sector.
 */
int block_memory_get(struct block_memory *m, struct iov_iter *it, size_t sector, bool device_writes);
/* The device is done. Any context. */
void block_memory_put(struct block_memory *m);

/* block_start.c: file_ops.start for what needs no bounce buffer and no second request. */
bool block_file_start(struct file *f, struct file_io *io);

#endif
