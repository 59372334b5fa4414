/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The requests of 9P2000.L, each with its reply. Commands return 0, the server's error negated, or -ENOMEM, -EINTR, -EIO as in session.h. Names
 * are those of core/vfs: of 1 to NAME_MAX bytes without slashes, neither "." nor "..".
 */
#ifndef CORE_P9FS_CALLS_H
#define CORE_P9FS_CALLS_H

#include "session.h"

/* Agree on the version, and set s->size_max to the size of messages. -EPROTONOSUPPORT if the server speaks no 9P2000.L. */
int p9_version(struct p9_session *s);
/* Make @root the server's root. */
int p9_attach(struct p9_fid *root);
/* Make @to what @name is in the directory @from, or with @name NULL the same file as @from. */
int p9_walk(struct p9_fid *from, const struct name *name, struct p9_fid *to);
/* Open @fid with O_* @flags as Linux has them. */
int p9_open(struct p9_fid *fid, unsigned flags);
/* Make a regular file that did not exist in the directory @fid, which becomes that file, opened for reading and writing. */
int p9_create(struct p9_fid *fid, struct name name, uint32_t mode);
int p9_mkdir(struct p9_fid *dir, struct name name, uint32_t mode);
/* @mode with the type. */
int p9_mknod(struct p9_fid *dir, struct name name, uint32_t mode, uint64_t rdev);
int p9_symlink(struct p9_fid *dir, struct name name, const char *target);
int p9_link(struct p9_fid *dir, struct name name, struct p9_fid *file);
int p9_unlink(struct p9_fid *dir, struct name name, bool rmdir);
int p9_rename(struct p9_fid *from, struct name old, struct p9_fid *to, struct name new);
/* The text of a symbolic link, with a zero behind it: a string of kmalloc() that is the caller's, 1 to PATH_MAX - 1 bytes. */
int p9_readlink(struct p9_fid *link, char **out);
int p9_getattr(struct p9_fid *fid, struct p9_attributes *a);

/* What to change; times in ns since 1970, or now by the server's clock. */
struct p9_change {
	uint32_t valid; /* P9_SET_* */
	uint32_t mode, uid, gid;
	uint64_t size, atime, mtime;
};
#define P9_SET_MODE 0x1u
#define P9_SET_UID 0x2u
#define P9_SET_GID 0x4u
#define P9_SET_SIZE 0x8u
#define P9_SET_ATIME 0x10u
#define P9_SET_MTIME 0x20u
#define P9_SET_ATIME_VALUE 0x80u
#define P9_SET_MTIME_VALUE 0x100u

int p9_setattr(struct p9_fid *fid, const struct p9_change *c);
int p9_fsync(struct p9_fid *fid, bool data_only);
int p9_statfs(struct p9_fid *fid, struct statfs *st);

/* --- transfer.c: of open fids ---------------------------------------------------------------------------------------- */

/*
 * Read or write at most it->left bytes at @offset, in one request. Return how many were moved, 0 at the end, or -Exxx; @it may have gone further.
 * *@whole: all that one request carries were.
 */
ssize_t p9_read(struct p9_fid *fid, uint64_t offset, struct iov_iter *it, bool *whole);
ssize_t p9_write(struct p9_fid *fid, uint64_t offset, struct iov_iter *it, bool *whole);

/*
 * Call @fn for some of the directory's entries from @offset on, which is 0 or some entry's next, "." and ".." among them; a result of @fn
 * other than 0 stops it. Returns that, or -Exxx, or 0; with *@count, how many entries there were: 0 at the end.
 */
typedef int (*p9_entry_fn)(void *arg, const struct p9_entry *e);
int p9_readdir(struct p9_fid *fid, uint64_t offset, p9_entry_fn fn, void *arg, unsigned *count);

#endif
