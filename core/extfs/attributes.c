/* SPDX-License-Identifier: BSD-3-Clause */
/* Attributes of inodes between memory and disk. Times beyond the year 2038 and parts of a second are in what not every inode has. */
#include <core/string.h>

#include "internal.h"

#define HAS(fs, d, field) \
	((fs)->inode_size > EXT_GOOD_OLD_INODE && \
	 offsetof(struct ext_inode_disk, field) + sizeof((d)->field) <= EXT_GOOD_OLD_INODE + (size_t)(d)->extra)

#define EPOCH_MASK 3u
#define EPOCH_BITS 2

static uint64_t time_read(uint32_t seconds, uint32_t extra)
{
	int64_t s = (int32_t)seconds + ((int64_t)(extra & EPOCH_MASK) << 32);

	return s < 0 ? 0 : (uint64_t)s * NSEC_PER_SEC + MIN((uint64_t)(extra >> EPOCH_BITS), NSEC_PER_SEC - 1);
}

static uint32_t time_extra(uint64_t ns)
{
	int64_t s = (int64_t)(ns / NSEC_PER_SEC);

	return (uint32_t)((s - (int32_t)s) >> 32 & EPOCH_MASK) | (uint32_t)(ns % NSEC_PER_SEC) << EPOCH_BITS;
}

static uint64_t device_read(const uint32_t *block)
{
	if (block[0])
		return dev_make(block[0] >> 8 & 0xff, block[0] & 0xff);
	return dev_make(block[1] >> 8 & 0xfff, (block[1] & 0xff) | (block[1] >> 12 & 0xfff00));
}

static uint32_t device_write(uint64_t rdev)
{
	uint32_t major = (uint32_t)(rdev >> 8 & 0xfff), minor = (uint32_t)((rdev & 0xff) | (rdev >> 12 & 0xfff00));

	return (minor & 0xff) | major << 8 | (minor & 0xfff00) << 12;
}

void ext_attributes_read(struct ext_inode *inode, const struct ext_inode_disk *d)
{
	const struct ext_fs *fs = to_fs(inode->base.sb);
	struct inode *i = &inode->base;
	bool huge = fs->ro_compat & RO_HUGE_FILE;

	i->mode = d->mode;
	i->uid = d->uid | (uint32_t)d->uid_hi << 16;
	i->gid = d->gid | (uint32_t)d->gid_hi << 16;
	i->nlink = d->links;
	i->size = (off_t)(d->size | (S_ISREG(d->mode) ? (uint64_t)d->size_hi << 32 : 0));
	i->atime = time_read(d->atime, HAS(fs, d, atime_extra) ? d->atime_extra : 0);
	i->mtime = time_read(d->mtime, HAS(fs, d, mtime_extra) ? d->mtime_extra : 0);
	i->ctime = time_read(d->ctime, HAS(fs, d, ctime_extra) ? d->ctime_extra : 0);
	inode->sectors = d->blocks | (huge ? (uint64_t)d->blocks_hi << 32 : 0);
	if (huge && (d->flags & INODE_HUGE))
		inode->sectors <<= fs->block_shift - 9;
	inode->flags = d->flags;
	inode->generation = d->generation;
	inode->acl = d->acl | (uint64_t)d->acl_hi << 32;
	inode->next_orphan = d->dtime;
	memcpy(inode->block, d->block, sizeof(inode->block));
	if (S_ISCHR(i->mode) || S_ISBLK(i->mode))
		i->rdev = device_read(d->block);
}

static void write_times(const struct ext_fs *fs, const struct inode *i, struct ext_inode_disk *d)
{
	d->atime = (uint32_t)(i->atime / NSEC_PER_SEC);
	d->mtime = (uint32_t)(i->mtime / NSEC_PER_SEC);
	d->ctime = (uint32_t)(i->ctime / NSEC_PER_SEC);
	if (HAS(fs, d, atime_extra))
		d->atime_extra = time_extra(i->atime);
	if (HAS(fs, d, mtime_extra))
		d->mtime_extra = time_extra(i->mtime);
	if (HAS(fs, d, ctime_extra))
		d->ctime_extra = time_extra(i->ctime);
}

void ext_attributes_write(const struct ext_inode *inode, struct ext_inode_disk *d)
{
	const struct ext_fs *fs = to_fs(inode->base.sb);
	const struct inode *i = &inode->base;

	d->mode = (uint16_t)i->mode;
	d->uid = (uint16_t)i->uid;
	d->uid_hi = (uint16_t)(i->uid >> 16);
	d->gid = (uint16_t)i->gid;
	d->gid_hi = (uint16_t)(i->gid >> 16);
	d->links = (uint16_t)i->nlink;
	d->size = (uint32_t)i->size;
	if (S_ISREG(i->mode))
		d->size_hi = (uint32_t)((uint64_t)i->size >> 32);
	write_times(fs, i, d);
	d->blocks = (uint32_t)inode->sectors;
	if (fs->ro_compat & RO_HUGE_FILE)
		d->blocks_hi = (uint16_t)(inode->sectors >> 32);
	d->flags = inode->flags & ~INODE_HUGE;
	d->generation = inode->generation;
	d->acl = (uint32_t)inode->acl;
	d->acl_hi = (uint16_t)(inode->acl >> 32);
	d->dtime = inode->next_orphan;
	memcpy(d->block, inode->block, sizeof(d->block));
	if (S_ISCHR(i->mode) || S_ISBLK(i->mode))
		d->block[1] = device_write(i->rdev);
	ext_inode_sum_set(fs, (uint32_t)i->ino, d);
}
