/* SPDX-License-Identifier: BSD-3-Clause */
/* A file system's superblock, its mount and its end. */
#include <core/alloc.h>
#include <core/errno.h>
#include <core/extfs.h>
#include <core/log.h>
#include <core/string.h>
#include <core/time.h>

#include "internal.h"

#define EXT_FS_MAGIC 0xef53 /* as Linux's statfs says */
#define GROUPS_MAX (1u << 18) /* 32 TiB of 4 KiB blocks; less than 2^32 blocks anyway */

static const char *incompat_name(uint32_t bits)
{
	static const struct {
		uint32_t bit;
		const char *name;
	} names[] = {
		{ 0x1, "compression" }, { 0x8, "journal_dev" },    { 0x100, "mmp" },       { 0x400, "ea_inode" },
		{ 0x1000, "dirdata" },  { 0x8000, "inline_data" }, { 0x10000, "encrypt" }, { 0x20000, "casefold" },
	};

	for (unsigned i = 0; i < ARRAY_SIZE(names); i++)
		if (bits & names[i].bit)
			return names[i].name;
	return "an unknown one";
}

static int check_features(const struct ext_fs *fs)
{
	uint32_t strange = fs->incompat & ~INCOMPAT_KNOWN;

	if (!strange)
		return 0;
	pr_err("%s: cannot be mounted: feature %s (incompat 0x%x)", fs->dev->name, incompat_name(strange), strange);
	return -EOPNOTSUPP;
}

static bool is_power_of_two(uint32_t n)
{
	return n && !(n & (n - 1));
}

static bool geometry_good(const struct ext_fs *fs, const struct ext_super_disk *s)
{
	uint32_t bits = fs->block_size * 8;

	return fs->first_data == (fs->block_size == 1024) && fs->blocks > fs->first_data + 1 && fs->blocks_per_group >= 8 &&
	       fs->blocks_per_group <= bits && fs->blocks_per_group % 8 == 0 && fs->inodes_per_group &&
	       fs->inodes_per_group <= bits && fs->inodes_per_group % 8 == 0 && fs->inode_size >= EXT_GOOD_OLD_INODE &&
	       fs->inode_size <= fs->block_size && is_power_of_two(fs->inode_size) && fs->desc_size >= EXT_GROUP_SHORT &&
	       fs->desc_size <= fs->block_size && is_power_of_two(fs->desc_size) && fs->groups && fs->groups <= GROUPS_MAX &&
	       fs->first_ino > EXT_ROOT_INO && fs->first_ino <= fs->inodes_per_group &&
	       (uint64_t)fs->groups * fs->inodes_per_group == fs->inodes && fs->blocks <= fs->dev->size >> fs->block_shift &&
	       (!(fs->ro_compat & RO_METADATA_CSUM) || s->checksum == ext_super_sum(s));
}

static void read_geometry(struct ext_fs *fs, const struct ext_super_disk *s)
{
	fs->block_shift = 10 + s->log_block_size;
	fs->block_size = 1u << fs->block_shift;
	fs->first_data = s->first_data;
	fs->blocks = s->blocks;
	fs->blocks_per_group = s->blocks_per_group;
	fs->inodes_per_group = s->inodes_per_group;
	fs->inodes = s->inodes;
	fs->compat = s->revision ? s->compat : 0;
	fs->incompat = s->revision ? s->incompat : 0;
	fs->ro_compat = s->revision ? s->ro_compat : 0;
	fs->inode_size = s->revision ? s->inode_size : EXT_GOOD_OLD_INODE;
	fs->first_ino = s->revision ? s->first_ino : EXT_GOOD_OLD_FIRST;
	fs->desc_size = fs->incompat & INCOMPAT_64BIT ? s->desc_size : EXT_GROUP_SHORT;
	fs->first_meta_bg = s->first_meta_bg;
	fs->reserved_gdt = s->reserved_gdt;
	memcpy(fs->backup_groups, s->backup_groups, sizeof(fs->backup_groups));
	memcpy(fs->uuid, s->uuid, sizeof(fs->uuid));
	fs->csum = fs->ro_compat & RO_METADATA_CSUM;
	fs->seed = fs->incompat & INCOMPAT_CSUM_SEED ? s->checksum_seed : ext_crc32c(~0u, s->uuid, sizeof(s->uuid));
	if (fs->blocks > fs->first_data && fs->blocks_per_group)
		fs->groups = DIV_ROUND_UP(fs->blocks - fs->first_data, fs->blocks_per_group);
}

static int parse(struct ext_fs *fs, const struct ext_super_disk *s)
{
	if (s->magic != EXT_MAGIC) {
		pr_err("%s: there is no ext2, ext3 or ext4", fs->dev->name);
		return -EINVAL;
	}
	if (s->log_block_size > PAGE_SHIFT - 10 || ((s->incompat & INCOMPAT_64BIT) && s->revision && s->blocks_hi)) {
		pr_err("%s: cannot be mounted: blocks of more than 4 KiB, or 2^32 of them", fs->dev->name);
		return -EOPNOTSUPP;
	}
	read_geometry(fs, s);
	int ret = check_features(fs);

	if (ret)
		return ret;
	if (geometry_good(fs, s) && fs->block_size % fs->dev->sector_size == 0)
		return 0;
	pr_err("%s: cannot be mounted: the superblock is damaged", fs->dev->name);
	return -EINVAL;
}

int ext_super_read(struct ext_fs *fs)
{
	char *page = page_alloc(0);
	struct block_vec vec = { page, PAGE_SIZE };
	int ret = page ? 0 : -ENOMEM;

	if (!ret && fs->dev->size < PAGE_SIZE)
		ret = -EINVAL;
	if (!ret)
		ret = block_rw(fs->dev, BLOCK_READ, 0, &vec, 1);
	if (!ret)
		ret = parse(fs, (struct ext_super_disk *)(page + EXT_SUPER_AT));
	if (page)
		page_free(page, 0);
	if (!ret)
		ret = ext_read(fs, fs->first_data, &fs->super);
	return ret;
}

int ext_super_write(struct ext_fs *fs)
{
	if (fs->csum)
		ext_super(fs)->checksum = ext_super_sum(ext_super(fs));
	int ret = ext_raw(fs, true, fs->first_data, ext_data(fs->super));

	return ret ? ret : ext_flush(fs);
}

/* Why it can only be read, or NULL. */
static const char *why_read_only(const struct ext_fs *fs)
{
	const struct ext_super_disk *s = ext_super(fs);

	if (fs->dev->read_only)
		return "the disk is";
	if (fs->ro_compat & ~RO_KNOWN)
		return "it has features that only a reader may ignore";
	if (s->state & EXT_STATE_ERROR)
		return "errors were found in it; e2fsck mends them";
	if (!(fs->compat & COMPAT_HAS_JOURNAL) && !(s->state & EXT_STATE_VALID))
		return "it was not unmounted and has no journal; e2fsck mends it";
	return NULL;
}

/* Replay the journal, or make one. What was read before may be old then. */
static int open_journal(struct ext_fs *fs)
{
	int ret = fs->compat & COMPAT_HAS_JOURNAL ? ext_journal_open(fs) : ext_journal_make(fs);

	if (ret)
		return ret;
	ext_put(fs, fs->super);
	fs->super = NULL;
	ext_cache_drop(fs);
	ret = ext_super_read(fs);
	return ret ? ret : ext_groups_check(fs);
}

/* From now on a mount after a crash has to look into the journal. */
static int mark_mounted(struct ext_fs *fs)
{
	struct ext_super_disk *s = ext_super(fs);

	s->incompat |= INCOMPAT_RECOVER;
	s->mounts++;
	s->mtime = (uint32_t)(time_wall() / NSEC_PER_SEC);
	return ext_super_write(fs);
}

static int start(struct ext_fs *fs, bool read_only)
{
	const char *why = NULL;
	int ret = ext_super_read(fs);

	if (!ret) {
		fs->stale = kzalloc(fs->groups);
		fs->held = kzalloc(fs->groups * sizeof(fs->held[0]));
		ret = fs->stale && fs->held ? ext_groups_check(fs) : -ENOMEM;
	}
	if (ret)
		return ret;
	fs->read_only = read_only;
	if (!read_only)
		why = why_read_only(fs);
	if (!read_only && !why) {
		ret = open_journal(fs);
		if (ret == -EOPNOTSUPP || ret == -ENOSPC)
			why = "its journal cannot be used";
		else if (ret)
			return ret;
		else
			ret = mark_mounted(fs);
	}
	if (why)
		pr_warn("%s: mounted read-only: %s", fs->dev->name, why);
	fs->read_only = read_only || why;
	if (fs->read_only && (fs->incompat & INCOMPAT_RECOVER))
		pr_warn("%s: its journal was not replayed: what was written last may be missing", fs->dev->name);
	return fs->read_only ? 0 : ret;
}

static int get_root(struct ext_fs *fs)
{
	int ret = ext_inode_get(fs, EXT_ROOT_INO, &fs->base.root);

	if (ret)
		return ret;
	if (!S_ISDIR(fs->base.root->mode)) {
		inode_put(fs->base.root);
		return ext_damaged(fs, "the root, inode", EXT_ROOT_INO);
	}
	fs->base.root->parent = fs->base.root;
	return 0;
}

static void release(struct ext_fs *fs)
{
	ext_inodes_free(fs);
	ext_put(fs, fs->super);
	ext_release_held(fs, true);
	ext_cache_free(fs);
	kfree(fs->stale);
	kfree(fs->held);
	kfree(fs->held_meta);
	kfree(fs->journal.runs);
	kfree(fs->journal.super);
	kfree(fs->journal.block);
	kfree(fs->journal.copy);
	block_put(fs->dev);
	kfree(fs);
}

int extfs_open(const char *device, bool read_only, struct superblock **out)
{
	struct ext_fs *fs = kzalloc(sizeof(*fs));
	int ret;

	if (!fs)
		return -ENOMEM;
	fs->dev = block_get(device);
	if (!fs->dev) {
		kfree(fs);
		return -ENODEV;
	}
	mutex_init(&fs->lock);
	waitq_init(&fs->dirty);
	ext_cache_init(fs);
	ext_inodes_init(fs);
	list_init(&fs->link);
	fs->base.dev = vfs_new_dev();
	fs->base.magic = EXT_FS_MAGIC;
	ret = start(fs, read_only);
	if (!ret) {
		fs->mounted = true;
		ret = get_root(fs);
	}
	if (!ret && !fs->read_only) {
		fs->finishing = true;
		ret = ext_orphans_finish(fs);
		fs->finishing = false;
	}
	if (ret) {
		release(fs); /* after a failed write inodes may be left: they are not anybody's */
		return ret;
	}
	*out = &fs->base;
	return 0;
}

/* The program has ended: what it had open without a name goes. One that cannot be freed is left to the next mount. */
static void free_orphans(struct ext_fs *fs)
{
	while (!list_empty(&fs->orphans))
		if (ext_inode_remove(list_first(&fs->orphans, struct ext_inode, orphan)))
			return;
}

int extfs_close(struct superblock *sb)
{
	struct ext_fs *fs = to_fs(sb);
	int ret = 0;

	mutex_lock(&fs->lock);
	if (!fs->read_only && !fs->broken) {
		free_orphans(fs);
		ret = ext_checkpoint(fs);
		if (!ret) {
			ext_super(fs)->incompat &= ~INCOMPAT_RECOVER;
			ext_super(fs)->wtime = (uint32_t)(time_wall() / NSEC_PER_SEC);
			ret = ext_super_write(fs);
		}
		fs->read_only = true;
	}
	mutex_unlock(&fs->lock);
	return ret;
}

void extfs_free(struct superblock *sb)
{
	inode_put(sb->root);
	release(to_fs(sb));
}
