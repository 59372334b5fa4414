/* SPDX-License-Identifier: BSD-3-Clause */
/* What lies on a disk of ext2, ext3 and ext4. Numbers are little-endian, those of the journal (journal.h) big-endian. */
#ifndef CORE_EXTFS_FORMAT_H
#define CORE_EXTFS_FORMAT_H

#include <core/base.h>

#define EXT_MAGIC 0xef53
#define EXT_SUPER_AT 1024
#define EXT_SUPER_SIZE 1024u
#define EXT_ROOT_INO 2u
#define EXT_JOURNAL_INO 8u
#define EXT_GOOD_OLD_INODE 128u
#define EXT_GOOD_OLD_FIRST 11u

#define EXT_STATE_VALID 1u
#define EXT_STATE_ERROR 2u

#define COMPAT_HAS_JOURNAL 0x4u
#define COMPAT_DIR_INDEX 0x20u
#define COMPAT_SPARSE_SUPER2 0x200u

#define INCOMPAT_FILETYPE 0x2u
#define INCOMPAT_RECOVER 0x4u
#define INCOMPAT_META_BG 0x10u
#define INCOMPAT_EXTENTS 0x40u
#define INCOMPAT_64BIT 0x80u
#define INCOMPAT_FLEX_BG 0x200u
#define INCOMPAT_CSUM_SEED 0x2000u
#define INCOMPAT_LARGEDIR 0x4000u
#define INCOMPAT_KNOWN \
	(INCOMPAT_FILETYPE | INCOMPAT_RECOVER | INCOMPAT_META_BG | INCOMPAT_EXTENTS | INCOMPAT_64BIT | INCOMPAT_FLEX_BG | \
	 INCOMPAT_CSUM_SEED | INCOMPAT_LARGEDIR)

#define RO_SPARSE_SUPER 0x1u
#define RO_LARGE_FILE 0x2u
#define RO_HUGE_FILE 0x8u
#define RO_GDT_CSUM 0x10u
#define RO_DIR_NLINK 0x20u
#define RO_EXTRA_ISIZE 0x40u
#define RO_METADATA_CSUM 0x400u
/* With others the file system is mounted read-only. */
#define RO_KNOWN \
	(RO_SPARSE_SUPER | RO_LARGE_FILE | 0x4u | RO_HUGE_FILE | RO_GDT_CSUM | RO_DIR_NLINK | RO_EXTRA_ISIZE | RO_METADATA_CSUM)

struct ext_super_disk {
	uint32_t inodes, blocks, reserved, free_blocks, free_inodes, first_data, log_block_size, log_cluster;
	uint32_t blocks_per_group, clusters_per_group, inodes_per_group, mtime, wtime;
	uint16_t mounts, mounts_max, magic, state, errors, minor;
	uint32_t last_check, interval, creator, revision;
	uint16_t uid, gid;
	uint32_t first_ino;
	uint16_t inode_size, group;
	uint32_t compat, incompat, ro_compat;
	uint8_t uuid[16];
	char volume[16], last_mounted[64];
	uint32_t algorithm;
	uint8_t prealloc, prealloc_dir;
	uint16_t reserved_gdt;
	uint8_t journal_uuid[16];
	uint32_t journal_ino, journal_dev, last_orphan, hash_seed[4];
	uint8_t hash, journal_backup;
	uint16_t desc_size;
	uint32_t mount_options, first_meta_bg, mkfs_time, journal_blocks[17];
	uint32_t blocks_hi, reserved_hi, free_blocks_hi;
	uint16_t extra_min, extra_want;
	uint32_t flags;
	uint8_t unused1[588 - 356];
	uint32_t backup_groups[2];
	uint8_t unused2[624 - 596];
	uint32_t checksum_seed;
	uint8_t unused3[1020 - 628];
	uint32_t checksum;
};
_Static_assert(sizeof(struct ext_super_disk) == EXT_SUPER_SIZE, "the superblock's layout");

#define GROUP_INODES_UNINIT 1u /* the bitmap was never written: all inodes are free */
#define GROUP_BLOCKS_UNINIT 2u /* likewise: all blocks but the group's own are free */

/* The low halves, then, with 64 bytes, the high ones. */
struct ext_group_disk {
	uint32_t block_bitmap, inode_bitmap, inode_table;
	uint16_t free_blocks, free_inodes, used_dirs, flags;
	uint32_t exclude;
	uint16_t block_csum, inode_csum, unused, checksum;
	uint32_t block_bitmap_hi, inode_bitmap_hi, inode_table_hi;
	uint16_t free_blocks_hi, free_inodes_hi, used_dirs_hi, unused_hi;
	uint32_t exclude_hi;
	uint16_t block_csum_hi, inode_csum_hi;
	uint32_t reserved;
};
#define EXT_GROUP_SHORT 32u
_Static_assert(sizeof(struct ext_group_disk) == 64, "the group descriptor's layout");

#define INODE_INDEX 0x1000u
#define INODE_HUGE 0x40000u
#define INODE_EXTENTS 0x80000u
#define INODE_IMMUTABLE 0x10u
#define INODE_APPEND 0x20u
/* Compressed, encrypted, verity, a value of attributes, inline data: not for us. */
#define INODE_STRANGE (0x4u | 0x800u | 0x100000u | 0x200000u | 0x10000000u)

#define EXT_LINKS_MAX 32000u /* what all of them can count */

#define EXT_SLOTS 15u
#define EXT_DIRECT 12u

struct ext_inode_disk {
	uint16_t mode, uid;
	uint32_t size, atime, ctime, mtime, dtime;
	uint16_t gid, links;
	uint32_t blocks, flags, version, block[EXT_SLOTS], generation, acl, size_hi, fragment;
	uint16_t blocks_hi, acl_hi, uid_hi, gid_hi, csum, reserved;
	/* What @extra bytes from here on have. */
	uint16_t extra, csum_hi;
	uint32_t ctime_extra, mtime_extra, atime_extra, crtime, crtime_extra, version_hi, project;
};
_Static_assert(sizeof(struct ext_inode_disk) == 160, "the inode's layout");

struct ext_extent_header {
	uint16_t magic, entries, max, depth;
	uint32_t generation;
};
#define EXTENT_MAGIC 0xf30a
#define EXTENT_DEPTH_MAX 5u
#define EXTENT_WRITTEN_MAX 32768u /* longer: allocated by so many less, but never written */

struct ext_extent {
	uint32_t block;
	uint16_t length, start_hi;
	uint32_t start;
};

struct ext_extent_index {
	uint32_t block, leaf;
	uint16_t leaf_hi, unused;
};

struct ext_dirent {
	uint32_t ino;
	uint16_t rec_len;
	uint8_t name_len, type;
	char name[];
};
#define DIRENT_HEAD 8u
#define DIRENT_SIZE(len) ALIGN_UP(DIRENT_HEAD + (len), 4u)
#define DIRENT_TAIL 12u /* with checksums, at the end of each block: an entry without a name, and the sum */
#define DIRENT_TAIL_TYPE 0xdeu

#define XATTR_MAGIC 0xea020000u

struct ext_xattr_disk {
	uint32_t magic, refs, blocks, hash, checksum, reserved[3];
};

#endif
