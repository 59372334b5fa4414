/* SPDX-License-Identifier: BSD-3-Clause */
/* Shared by the files of core/vfs only. */
#ifndef CORE_VFS_INTERNAL_H
#define CORE_VFS_INTERNAL_H

#include <core/vfs.h>

/* Open directories. */
extern const struct file_ops dir_file_ops;

/* The directory above @dir, across mount points; the root's is the root. Under vfs_lock(). */
struct inode *dir_parent(struct inode *dir);

#endif
