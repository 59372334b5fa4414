/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * ext2, ext3, ext4. One sleeping lock a file system covers all that is below; functions are called under it unless said otherwise, in thread context.
 *
 * What an operation changes of the structures goes into the running transaction, in memory, until that is written to the journal as a whole; data
 * goes to its place before the transaction that leads to it. Blocks that were freed are not used again before the transaction that freed them is
 * safe: a file is never seen with another's data.
 */
#ifndef CORE_EXTFS_INTERNAL_H
#define CORE_EXTFS_INTERNAL_H

#include <core/block.h>
#include <core/tree.h>
#include <core/vfs.h>

#include "cache.h"
#include "format.h"
#include "journal.h"

struct ext_fs {
	struct superblock base;
	struct mutex lock;
	struct block_dev *dev;
	bool read_only, broken, mounted;
	bool finishing; /* the mount frees inodes without a name */
	unsigned block_size, block_shift;
	uint32_t blocks, first_data, groups, blocks_per_group, inodes_per_group, inodes, first_ino;
	unsigned inode_size, desc_size;
	uint32_t compat, incompat, ro_compat, first_meta_bg, reserved_gdt, backup_groups[2];
	uint32_t seed; /* of checksums */
	bool csum; /* all metadata; otherwise maybe the groups alone, by RO_GDT_CSUM */
	uint8_t uuid[16];
	struct ext_buf *super; /* the block with the superblock, held */
	struct ext_cache cache;
	struct ext_journal journal;
	struct spinlock inodes_lock; /* the tree, against lookups of what is on its way out */
	struct tree in_use; /* by number */
	struct list orphans; /* ext_inode.orphan: without a name but in use, newest first, as on disk */
	uint8_t *stale; /* by group: checksums that the commit has to compute */
	uint8_t **held; /* by group: blocks that are free but not to be used yet, or NULL */
	uint32_t *held_meta; /* those of them that the journal may still write to */
	size_t held_metas, held_metas_max;
	bool holding; /* there are any */
	struct waitq dirty; /* the writer waits here for something to do */
	struct list link; /* among those mounted */
};

struct ext_inode {
	struct inode base;
	struct tree_node node;
	struct list orphan;
	struct ext_buf *table; /* the block of the inode table that it is in, held */
	uint32_t flags, generation;
	uint64_t acl; /* the block with extended attributes, or 0 */
	uint64_t sectors; /* of 512 bytes */
	uint32_t block[EXT_SLOTS];
	uint32_t next_orphan; /* as on disk, where deleted inodes have the time */
	uint32_t goal; /* where the next block would be good */
	uint64_t read_next; /* files: behind the last block read; directories: no block before has had room */
};

static inline struct ext_fs *to_fs(struct superblock *sb)
{
	return container_of(sb, struct ext_fs, base);
}

static inline struct ext_inode *to_ext(struct inode *inode)
{
	return container_of(inode, struct ext_inode, base);
}

static inline struct ext_super_disk *ext_super(const struct ext_fs *fs)
{
	return (struct ext_super_disk *)(ext_data(fs->super) + (fs->block_size == 1024 ? 0 : EXT_SUPER_AT));
}

/* May a file or a tree have its block there? */
static inline bool ext_block_ok(const struct ext_fs *fs, uint64_t block)
{
	return block > fs->first_data && block < fs->blocks;
}

extern const struct inode_ops ext_inode_ops;

/* --- change.c ----------------------------------------------------------------------------------------------------------- */

/* The disk is not what it should be: one line. Nothing is written any more. Returns -EIO. */
int ext_damaged(struct ext_fs *fs, const char *what, uint64_t where);
/*
 * Take the lock for a change. Returns 0; -EROFS; -EIO after a failure of the disk; what a commit gave. The lock is taken only with 0.
 */
int ext_begin(struct ext_fs *fs);
/* The operation is whole: it may become durable. Drops the lock. */
void ext_end(struct ext_fs *fs);
/* An operation found the disk full: is there more after a commit, which was made? Under the lock. */
bool ext_retry(struct ext_fs *fs, int ret);
/* Make all durable. 0 or -Exxx. Takes the lock. */
int ext_sync(struct ext_fs *fs, bool data_only);

/* --- checksum.c -------------------------------------------------------------------------------------------------------- */

uint32_t ext_crc32c(uint32_t crc, const void *data, size_t n);
uint32_t ext_inode_seed(const struct ext_fs *fs, uint32_t ino, uint32_t generation);
/* Of a raw inode of fs->inode_size bytes. */
bool ext_inode_sum_good(const struct ext_fs *fs, uint32_t ino, const struct ext_inode_disk *d);
void ext_inode_sum_set(const struct ext_fs *fs, uint32_t ino, struct ext_inode_disk *d);
uint16_t ext_group_sum(const struct ext_fs *fs, uint32_t group, const struct ext_group_disk *g);
uint32_t ext_super_sum(const struct ext_super_disk *s);
/* Of a block of a directory, whose tail is there. */
bool ext_dir_sum_good(const struct ext_inode *dir, const char *block);
void ext_dir_sum_set(const struct ext_inode *dir, char *block);
bool ext_extent_sum_good(const struct ext_inode *inode, const char *block);

/* --- group.c ----------------------------------------------------------------------------------------------------------- */

/* The descriptor of @group, whose buffer is held. */
int ext_group(struct ext_fs *fs, uint32_t group, struct ext_buf **buf, struct ext_group_disk **g);
/* All of them are what they can be; called once. */
int ext_groups_check(struct ext_fs *fs);
/* Counts: in the descriptor, which becomes dirty, and in the superblock. */
void ext_group_count(struct ext_fs *fs, struct ext_buf *buf, struct ext_group_disk *g, uint32_t group, int blocks, int inodes,
                     int dirs);
/* The bitmap of blocks or of inodes, held; made if it was never written. */
int ext_bitmap(struct ext_fs *fs, uint32_t group, bool inodes, struct ext_buf **out);
/* Before a commit: what was left to be computed. */
int ext_groups_settle(struct ext_fs *fs);
uint32_t ext_group_blocks(const struct ext_fs *fs, uint32_t group);
uint64_t ext_free_blocks(const struct ext_fs *fs);

/* --- alloc.c ----------------------------------------------------------------------------------------------------------- */

/* A free block, near @goal. 0, -ENOSPC, -EIO. */
int ext_block_alloc(struct ext_fs *fs, uint32_t goal, uint32_t *out);
/* @meta: the journal may have it. */
int ext_block_free(struct ext_fs *fs, uint32_t block, bool meta);
int ext_inode_alloc(struct ext_fs *fs, uint32_t parent, bool dir, uint32_t *out);
int ext_inode_free(struct ext_fs *fs, uint32_t ino, bool dir);
/* The transaction that freed them is safe; @checkpoint: also in its place. */
void ext_release_held(struct ext_fs *fs, bool checkpoint);

/* --- map.c, extent.c ----------------------------------------------------------------------------------------------------- */

/* Where block @index of the file lies: *@out, 0 for a hole. */
int ext_map(struct ext_inode *inode, uint64_t index, uint32_t *out);
/* As ext_map(); a hole is filled. *@fresh: by a block whose data are nobody's yet. */
int ext_map_make(struct ext_inode *inode, uint64_t index, uint32_t *out, bool *fresh);
/* How many blocks a file can have. */
uint64_t ext_blocks_max(const struct ext_fs *fs);
/* Let slot @index lead to @block; tables on the way are made. */
int ext_map_set(struct ext_inode *inode, uint64_t index, uint32_t block);
int ext_extent_map(struct ext_inode *inode, uint64_t index, uint32_t *out);
/* Make a file that is mapped by extents one that is mapped by tables. */
int ext_extents_convert(struct ext_inode *inode);
/* Free all of its blocks, and the tree: it has no map then. */
int ext_extents_free(struct ext_inode *inode);

/* --- truncate.c ----------------------------------------------------------------------------------------------------------- */

/* Free the blocks behind the first @keep, from the end. *@reached: with which it had to stop for this transaction, or @keep. */
int ext_cut(struct ext_inode *inode, uint64_t keep, uint64_t *reached);
/* Free everything of an inode without a name, and itself; several transactions, whose last is still running. */
int ext_inode_remove(struct ext_inode *inode);
/* The file has @size bytes, no more than before; what it has behind them goes, in several transactions. */
int ext_shorten(struct ext_inode *inode, uint64_t size);
/* inode_ops.truncate. Takes the lock. */
int ext_truncate(struct inode *inode, off_t size);
/* Bytes between the end and that of the last block are zero from now on. */
int ext_clear_tail(struct ext_inode *inode);
/* Free the tables of @inode, but not what they lead to. */
int ext_tables_free(struct ext_inode *inode);

/* --- inode.c ----------------------------------------------------------------------------------------------------------- */

void ext_inodes_init(struct ext_fs *fs);
/* The inode on the disk, in its block, which is held. */
int ext_inode_disk(struct ext_fs *fs, uint32_t ino, struct ext_buf **buf, struct ext_inode_disk **d);
/* The inode @ino, with a reference. -EIO: it is not in use, or damaged; -EOPNOTSUPP: it is of a kind that is not known. */
int ext_inode_get(struct ext_fs *fs, uint32_t ino, struct inode **out);
/* A new one in @dir, with a reference and no name. */
int ext_inode_new(struct inode *dir, const struct inode_spec *spec, struct inode **out);
/* Put its attributes into the transaction. */
void ext_inode_write(struct ext_inode *inode);
/* The same when only times changed: no reason for fdatasync(2) to commit. */
void ext_inode_write_times(struct ext_inode *inode);
/* At the end: those that could not be freed on the disk. */
void ext_inodes_free(struct ext_fs *fs);
/* Undo ext_inode_new(). */
void ext_inode_discard(struct ext_inode *inode);
/* inode_ops.destroy. Without the lock. */
void ext_destroy(struct inode *inode);

/* --- attributes.c ------------------------------------------------------------------------------------------------------ */

void ext_attributes_read(struct ext_inode *inode, const struct ext_inode_disk *d);
void ext_attributes_write(const struct ext_inode *inode, struct ext_inode_disk *d);

/* --- orphan.c ----------------------------------------------------------------------------------------------------------- */

void ext_orphan_add(struct ext_inode *inode);
void ext_orphan_remove(struct ext_inode *inode);
/* At a mount: finish what was left. Without the lock. */
int ext_orphans_finish(struct ext_fs *fs);

/* --- entry.c, dir.c: entries of directories ------------------------------------------------------------------------------ */

struct ext_place {
	struct ext_buf *buf; /* held */
	struct ext_dirent *entry, *before; /* before: in the same block, or NULL */
};

/* The entry at @at of a directory's block, which ends within the first @end bytes; NULL if it cannot be one. */
struct ext_dirent *ext_dirent_at(char *block, size_t at, size_t end);
uint64_t ext_dir_blocks(const struct ext_inode *dir);
/* A directory's block @index, held; its checksum is good. */
int ext_dir_block(struct ext_inode *dir, uint64_t index, struct ext_buf **out);
int ext_dir_find(struct ext_inode *dir, struct name name, struct ext_place *place);
int ext_dir_add(struct ext_inode *dir, struct name name, uint32_t ino, uint32_t mode);
int ext_dir_remove(struct ext_inode *dir, struct name name);
/* Let the entry @name be @ino's. */
int ext_dir_replace(struct ext_inode *dir, struct name name, uint32_t ino, uint32_t mode);
/* 0, -ENOTEMPTY, -EIO. */
int ext_dir_empty(struct ext_inode *dir);
/* Of a directory that has moved. */
int ext_dir_set_parent(struct ext_inode *dir, uint32_t parent);
/* The first block of a new one. */
int ext_dir_init(struct ext_inode *dir, uint32_t parent);
int ext_iterate(struct inode *dir, off_t *pos, dirent_fn fn, void *arg);
int ext_open_dir(struct inode *inode, struct file *f);

/* --- names.c: inode_ops of the same names ------------------------------------------------------------------------------- */

int ext_lookup(struct inode *dir, struct name name, struct inode **out);
int ext_make(struct inode *dir, struct name name, const struct inode_spec *spec, struct inode **out);
int ext_link(struct inode *dir, struct name name, struct inode *inode);
int ext_unlink(struct inode *dir, struct name name, struct inode *inode);
int ext_tmpfile(struct inode *dir, uint32_t mode, struct inode **out);
/* It has lost a name. */
void ext_drop_link(struct ext_inode *inode);

/* --- rename.c ---------------------------------------------------------------------------------------------------------- */

int ext_rename(struct inode *from, struct name old, struct inode *to, struct name new, struct inode *inode,
               struct inode *target);
int ext_exchange(struct inode *from, struct name old, struct inode *to, struct name new);

/* --- mount.c -------------------------------------------------------------------------------------------------------------- */

/* Read the superblock and what it leads to. A line says why not. */
int ext_super_read(struct ext_fs *fs);
/* Write the superblock to its place, at once. */
int ext_super_write(struct ext_fs *fs);

/* --- file.c ------------------------------------------------------------------------------------------------------------ */

int ext_open(struct inode *inode, struct file *f);

/* --- makejournal.c, claim.c ------------------------------------------------------------------------------------------------------ */

/* Give a file system without a journal one. */
int ext_journal_make(struct ext_fs *fs);
/* The blocks of @inode are in use, and all counts of free ones are those of the bitmaps. */
int ext_claim(struct ext_fs *fs, const struct ext_inode *inode);

#endif
