/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Files of an ext2, ext3 or ext4 file system, for reading only: the layout that Linux' documentation (filesystems/ext4) describes. What is on
 * the disk is not trusted: numbers are checked before they are used, and each call ends after a bounded number of reads. Not for use by several
 * threads at once.
 */
#ifndef XEN_EXT4_H
#define XEN_EXT4_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* The room for block numbers, extents or a short link's target in an inode. */
#define EXT4_MAP_SIZE 60

struct ext4 {
	/* Read @size bytes at byte @at of the disk. Returns 0, or a negative errno; less than @size bytes are -EIO. */
	int (*read)(void *priv, void *buf, size_t size, uint64_t at);
	void *priv;
	/* The rest is filled in by ext4_open(). */
	uint32_t block_size, blocks_per_group, inodes_per_group, inode_size, inode_count, descriptor_size, first_block,
		first_meta_group;
	uint32_t features; /* of those that a reader must know */
	uint64_t blocks;
};

struct ext4_file {
	uint16_t mode; /* as st_mode */
	uint32_t flags;
	uint64_t size; /* bytes */
	uint8_t map[EXT4_MAP_SIZE];
};

/* Read the superblock with @fs->read. Returns 0, or -EINVAL (not such a file system, or damaged), -EOPNOTSUPP (a feature), or an error of read. */
int ext4_open(struct ext4 *fs);

/*
 * Find @path, which may begin with slashes, from the root, through symbolic links. Returns 0, or -ENOENT, -ENOTDIR, -ELOOP, -ENAMETOOLONG,
 * -EIO (damaged), -EOPNOTSUPP, or an error of read.
 */
int ext4_find(struct ext4 *fs, const char *path, struct ext4_file *file);

/* Read up to @size bytes at byte @at of @file; holes are zeros. Returns how many, 0 at the end, or
 * as ext4_find(). */
ssize_t ext4_read(struct ext4 *fs, const struct ext4_file *file, void *buf, size_t size, uint64_t at);

#endif
