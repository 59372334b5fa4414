/* SPDX-License-Identifier: BSD-3-Clause */
/* Shared by the files of core/ramfs only. */
#ifndef CORE_RAMFS_INTERNAL_H
#define CORE_RAMFS_INTERNAL_H

#include <core/vfs.h>

#include "pages.h"

struct ramfs_inode {
	struct inode base;
	/* Regular files. */
	struct spinlock lock; /* the tree of pages; page faults take it too */
	struct pages pages;
	unsigned maps; /* regions of memory that map the file */
	bool trim; /* pages behind the end were kept for the sake of a mapping */
	/* Directories. */
	struct list entries; /* in the order of cookies */
	uint64_t last_cookie;
};

static inline struct ramfs_inode *to_ramfs(struct inode *inode)
{
	return container_of(inode, struct ramfs_inode, base);
}

extern const struct inode_ops ramfs_inode_ops;

/* super.c */
struct inode *ramfs_inode_new(struct superblock *sb, const struct inode_spec *spec);
/* data.c */
int ramfs_open(struct inode *inode, struct file *f);
int ramfs_truncate(struct inode *inode, off_t size);
/* map.c */
int ramfs_mmap(struct file *f, uint64_t offset, size_t size, bool shared, bool writable, const struct vmem_pager **pager,
               void **object);
/* dir.c */
int ramfs_lookup(struct inode *dir, struct name name, struct inode **out);
int ramfs_make(struct inode *dir, struct name name, const struct inode_spec *spec, struct inode **out);
int ramfs_link(struct inode *dir, struct name name, struct inode *inode);
int ramfs_unlink(struct inode *dir, struct name name, struct inode *inode);
int ramfs_rename(struct inode *from, struct name old, struct inode *to, struct name new, struct inode *inode,
                 struct inode *target);
int ramfs_iterate(struct inode *dir, off_t *pos, dirent_fn fn, void *arg);

#endif
