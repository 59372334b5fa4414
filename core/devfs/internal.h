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

/* block_start.c: file_ops.start for what needs no bounce buffer and no second request. */
bool block_file_start(struct file *f, struct file_io *io);

#endif
