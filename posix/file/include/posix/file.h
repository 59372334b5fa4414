/* SPDX-License-Identifier: BSD-3-Clause */
/* The process's view of the name space, for the rest of posix/. */
#ifndef POSIX_FILE_H
#define POSIX_FILE_H

#include <core/vfs.h>

/* The working directory, with a reference of the caller's. */
struct inode *cwd_get(void);
/* The same under vfs_lock(). */
struct inode *cwd_get_locked(void);

/* @mode without the bits of the umask. */
uint32_t umask_apply(uint32_t mode);

#endif
