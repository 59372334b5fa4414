/* SPDX-License-Identifier: BSD-3-Clause */
/* Shared by the files of posix/file only. */
#ifndef POSIX_FILE_INTERNAL_H
#define POSIX_FILE_INTERNAL_H

#include <core/vfs.h>
#include <posix/fd.h>
#include <posix/file.h>

#define RW_MAX 0x7ffff000UL /* the most that one call moves, as on Linux */

/* Where a relative @path starts: counted, inode_put() it. -EBADF, -EFAULT. */
int at_base(int dirfd, const char *path, struct inode **base);
/* What (dirfd, path, AT_* flags) names: counted. Knows AT_EMPTY_PATH and AT_SYMLINK_NOFOLLOW. */
int at_lookup(int dirfd, const char *path, int flags, struct inode **out);

/* -1 leaves an id as it is. */
long inode_set_owner(struct inode *inode, uint32_t uid, uint32_t gid);

#endif
