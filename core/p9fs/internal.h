/* SPDX-License-Identifier: BSD-3-Clause */
/* The file system: inodes of the server's files that are in use. */
#ifndef CORE_P9FS_INTERNAL_H
#define CORE_P9FS_INTERNAL_H

#include <core/tree.h>
#include <core/vfs.h>

#include "calls.h"

struct p9_super {
	struct superblock base;
	struct p9_session session;
	struct spinlock lock; /* below, and which fids inodes have */
	struct tree inodes; /* but those of symbolic links, by the server's number */
};

/*
 * As long as somebody uses it: names hold none. A directory that comes to be known again has the same inode, by which paths and mount points
 * know it; so have files, for the sake of locks and sockets.
 */
struct p9_inode {
	struct inode base;
	struct tree_node node;
	struct p9_fid *fid; /* counted, not open */
	struct p9_fid *born; /* open since the file was made, for the first who opens it; or NULL */
	uint64_t blocks;
	unsigned opened; /* open files: then the attributes outlive its last name */
};

static inline struct p9_super *to_super(struct superblock *sb)
{
	return container_of(sb, struct p9_super, base);
}

static inline struct p9_inode *to_p9(struct inode *inode)
{
	return container_of(inode, struct p9_inode, base);
}

extern const struct inode_ops p9_inode_ops;

/* --- inode.c ---------------------------------------------------------------------------------------------------------- */

void p9_inodes_init(struct p9_super *s);
/* The inode's fid, counted. */
struct p9_fid *p9_fid_of(struct inode *inode);
/*
 * The inode of the file that @fid is, which the inode takes over on success, with attributes @a: found or made, with a reference. @dir: where
 * it was found, NULL for the root. 0, -ENOMEM, -ELOOP for a directory inside of itself, or as p9_readlink().
 */
int p9_inode_of(struct p9_super *s, struct inode *dir, struct p9_fid *fid, const struct p9_attributes *a, struct inode **out);
int p9_refresh(struct inode *inode);
void p9_destroy(struct inode *inode);

/* --- names.c: inode_ops of the same names ----------------------------------------------------------------------------- */

int p9_lookup(struct inode *dir, struct name name, struct inode **out);
int p9_make(struct inode *dir, struct name name, const struct inode_spec *spec, struct inode **out);
int p9_link_name(struct inode *dir, struct name name, struct inode *inode);
int p9_unlink_name(struct inode *dir, struct name name, struct inode *inode);
int p9_rename_name(struct inode *from, struct name old, struct inode *to, struct name new, struct inode *inode,
                   struct inode *target);

/* --- file.c, dir.c ----------------------------------------------------------------------------------------------------- */

int p9_open_file(struct inode *inode, struct file *f);
int p9_open_dir(struct inode *inode, struct file *f);
int p9_iterate(struct inode *dir, off_t *pos, dirent_fn fn, void *arg);

#endif
