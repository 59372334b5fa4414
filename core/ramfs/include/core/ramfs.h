/* SPDX-License-Identifier: BSD-3-Clause */
/* A file system in memory: pages on demand, given back when a file shrinks or its last name and user are gone. */
#ifndef CORE_RAMFS_H
#define CORE_RAMFS_H

#include <core/vfs.h>

/*
 * An empty file system whose root has @mode, for content of @size at most: "64M", "20%" of memory; NULL: half of memory, as a tmpfs of
 * Linux. Never freed. NULL when out of memory.
 */
struct superblock *ramfs_new(uint32_t mode, const char *size);

/* A regular file without a name, in a file system of its own kind (memfd). *@out has one reference. 0, -ENOMEM or -ENOSPC. */
int ramfs_anonymous(struct inode **out);

#endif
