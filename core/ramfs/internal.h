/* SPDX-License-Identifier: BSD-3-Clause */
/* Shared by the files of core/ramfs only. */
#ifndef CORE_RAMFS_INTERNAL_H
#define CORE_RAMFS_INTERNAL_H

#include <core/tree.h>
#include <core/vfs.h>

#include "pages.h"

struct ramfs_super {
	struct superblock base;
	uint64_t pages, pages_max; /* of content */
	uint64_t inodes, inodes_max;
};

static inline struct ramfs_super *to_super(struct superblock *sb)
{
	return container_of(sb, struct ramfs_super, base);
}

struct ramfs_inode {
	struct inode base;
	/* Regular files. */
	struct spinlock lock; /* the tree of pages; page faults take it too */
	struct pages pages;
	unsigned maps; /* regions of memory that map the file */
	bool trim; /* pages behind the end were kept for the sake of a mapping */
	/* Directories. */
	struct tree names, cookies; /* the entries, by hash and name, and by cookie */
	uint64_t last_cookie;
};

static inline struct ramfs_inode *to_ramfs(struct inode *inode)
{
	return container_of(inode, struct ramfs_inode, base);
}

extern const struct inode_ops ramfs_inode_ops;

/* Any of these: nothing writes to the file any more, but for what is mapped. */
#define RAMFS_SEALS_WRITE (F_SEAL_WRITE | F_SEAL_FUTURE_WRITE)

/* space.c: accounts of a file system. take: false when it is full. */
void space_init(struct ramfs_super *s, const char *size); /* "64M", "20%"; NULL or wrong: half of memory */
bool space_take_page(struct ramfs_inode *r);
void space_give_pages(struct ramfs_inode *r, uint64_t count);
bool space_take_inode(struct superblock *sb);
void space_give_inode(struct superblock *sb);
uint64_t space_left(const struct superblock *sb); /* pages that files may still take, at most */

/* super.c */
struct inode *ramfs_inode_new(struct superblock *sb, const struct inode_spec *spec);
/* data.c */
int ramfs_open(struct inode *inode, struct file *f);
int ramfs_truncate(struct inode *inode, off_t size);
/* The page at @index, made of zeroes if it is missing and @make. NULL: none, the file system is full, or memory is short. */
void *ramfs_page(struct ramfs_inode *r, uint64_t index, bool make);
/* Free all pages of a file that nobody uses any more. */
void ramfs_drop_all(struct ramfs_inode *r);
/* reserve.c: make the pages of [from, to), bytes, all or none of them. The inode is locked. 0 or -ENOSPC. */
int ramfs_reserve(struct ramfs_inode *r, uint64_t from, uint64_t to);
/* Remove the content of the pages in [first, last): frees them, or clears them while they are mapped. The inode is locked. */
void ramfs_remove(struct ramfs_inode *r, uint64_t first, uint64_t last);
/* map.c */
int ramfs_seal(struct inode *inode, uint32_t seals);
int ramfs_mmap(struct file *f, uint64_t offset, size_t size, bool shared, bool writable, const struct vmem_pager **pager,
               void **object);
/* dir.c */
void ramfs_dir_init(struct ramfs_inode *r);
int ramfs_lookup(struct inode *dir, struct name name, struct inode **out);
int ramfs_make(struct inode *dir, struct name name, const struct inode_spec *spec, struct inode **out);
int ramfs_link(struct inode *dir, struct name name, struct inode *inode);
int ramfs_unlink(struct inode *dir, struct name name, struct inode *inode);
int ramfs_rename(struct inode *from, struct name old, struct inode *to, struct name new, struct inode *inode,
                 struct inode *target);
int ramfs_exchange(struct inode *from, struct name old, struct inode *to, struct name new);
int ramfs_iterate(struct inode *dir, off_t *pos, dirent_fn fn, void *arg);

#endif
