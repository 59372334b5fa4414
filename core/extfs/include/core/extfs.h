/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * ext2, ext3 and ext4 on block devices. Nothing on a disk is trusted: what cannot be is EIO, and a line in the log.
 *
 * Written are those with a journal, and those that can be given one (as tune2fs -j does). What was synced survives a crash at any time.
 */
#ifndef CORE_EXTFS_H
#define CORE_EXTFS_H

#include <core/vfs.h>

/*
 * Mount the disk @device ("vda") at @path, which is made if it is missing. A disk that cannot be written safely is read-only, after a line in the
 * log. Returns 0, or -Exxx after a line. Thread context.
 */
int extfs_mount(const char *device, const char *path, bool read_only);

/* The parts of that. Returns 0 with a file system, or -Exxx. */
int extfs_open(const char *device, bool read_only, struct superblock **out);
/* All is on the disk, which is clean; from now on it is read-only. Returns 0 or -Exxx. */
int extfs_close(struct superblock *sb);
/* After that, when nothing of it is in use: the memory. */
void extfs_free(struct superblock *sb);

#endif
