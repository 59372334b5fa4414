/* SPDX-License-Identifier: BSD-3-Clause */
/* File systems and inodes: birth and end; the root file system. */
#include <core/alloc.h>
#include <core/boot.h>
#include <core/errno.h>
#include <core/init.h>
#include <core/ramfs.h>
#include <core/string.h>

#include "internal.h"

#define RAMFS_MAGIC 0x01021994 /* as Linux's tmpfs */

static struct superblock *anonymous_sb;

struct inode *ramfs_inode_new(struct superblock *sb, const struct inode_spec *spec)
{
	struct ramfs_inode *r = kzalloc(sizeof(*r));

	if (!r)
		return NULL;
	inode_init(&r->base, sb, &ramfs_inode_ops, spec->mode);
	r->base.rdev = spec->rdev;
	spinlock_init(&r->lock, "ramfs: a file's pages");
	ramfs_dir_init(r);
	if (S_ISLNK(spec->mode)) {
		r->base.target = kstrdup(spec->target);
		if (!r->base.target) {
			kfree(r);
			return NULL;
		}
		r->base.size = strlen(spec->target);
	}
	return &r->base;
}

static void ramfs_destroy(struct inode *inode)
{
	struct ramfs_inode *r = to_ramfs(inode);

	ramfs_drop_all(r);
	space_give_inode(inode->sb);
	kfree((void *)(uintptr_t)inode->target);
	kfree(r);
}

/* A regular file that no directory names. */
static int make_nameless(struct superblock *sb, uint32_t mode, struct inode **out)
{
	struct inode_spec spec = { .mode = S_IFREG | mode };

	if (!space_take_inode(sb))
		return -ENOSPC;
	*out = ramfs_inode_new(sb, &spec);
	if (!*out) {
		space_give_inode(sb);
		return -ENOMEM;
	}
	(*out)->nlink = 0;
	return 0;
}

static int ramfs_tmpfile(struct inode *dir, uint32_t mode, struct inode **out)
{
	return make_nameless(dir->sb, mode, out);
}

static uint64_t ramfs_blocks(struct inode *inode)
{
	return to_ramfs(inode)->pages.count * (PAGE_SIZE / 512);
}

static int ramfs_statfs(struct superblock *sb, struct statfs *st)
{
	st->f_type = sb->magic;
	st->f_bsize = st->f_frsize = PAGE_SIZE;
	const struct ramfs_super *s = to_super(sb);

	st->f_blocks = MIN(s->pages_max, page_total());
	st->f_bfree = st->f_bavail = space_left(sb);
	st->f_files = s->inodes_max;
	st->f_ffree = s->inodes_max - MIN(s->inodes, s->inodes_max);
	st->f_namelen = NAME_MAX;
	return 0;
}

const struct inode_ops ramfs_inode_ops = {
	.lookup = ramfs_lookup,
	.make = ramfs_make,
	.link = ramfs_link,
	.unlink = ramfs_unlink,
	.rename = ramfs_rename,
	.exchange = ramfs_exchange,
	.tmpfile = ramfs_tmpfile,
	.iterate = ramfs_iterate,
	.open = ramfs_open,
	.truncate = ramfs_truncate,
	.seal = ramfs_seal,
	.blocks = ramfs_blocks,
	.statfs = ramfs_statfs,
	.destroy = ramfs_destroy,
};

struct superblock *ramfs_new(uint32_t mode, const char *size)
{
	struct inode_spec spec = { .mode = S_IFDIR | (mode & S_IALLUGO) };
	struct ramfs_super *s = kzalloc(sizeof(*s));

	if (!s)
		return NULL;
	struct superblock *sb = &s->base;

	space_init(s, size);
	space_take_inode(sb);
	sb->dev = vfs_new_dev();
	sb->magic = RAMFS_MAGIC;
	sb->root = ramfs_inode_new(sb, &spec);
	if (!sb->root) {
		kfree(s);
		return NULL;
	}
	sb->root->nlink = 2;
	sb->root->parent = sb->root;
	return sb;
}

int ramfs_anonymous(struct inode **out)
{
	return make_nameless(anonymous_sb, 0777, out);
}

static int ramfs_init(void)
{
	struct superblock *sb = ramfs_new(0755, boot_argument("tmpfs"));

	anonymous_sb = ramfs_new(0700, "100%"); /* in place of memory, of which a reserve stays anyway */
	if (!sb || !anonymous_sb)
		return -ENOMEM;
	vfs_set_root(sb);
	if (vfs_mkdir_all("/tmp", 01777) || vfs_mkdir_all("/var/tmp", 01777) || vfs_mkdir_all("/dev", 0755))
		return -ENOMEM;
	return 0;
}

INITCALL(INIT_SERVICES, ramfs_init);
