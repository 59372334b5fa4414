/* SPDX-License-Identifier: BSD-3-Clause */
/* statx(2). */
#include <abi/time.h>
#include <core/string.h>
#include <posix/calls.h>

#include "internal.h"

#define STATX_BASIC_STATS 0x7ffu
#define STATX_RESERVED 0x80000000u
#define AT_STATX_SYNC_TYPE 0x6000

struct statx_time {
	int64_t sec;
	uint32_t nsec, reserved;
};

struct statx {
	uint32_t mask, blksize;
	uint64_t attributes;
	uint32_t nlink, uid, gid;
	uint16_t mode, pad;
	uint64_t ino, size, blocks, attributes_mask;
	struct statx_time atime, btime, ctime, mtime;
	uint32_t rdev_major, rdev_minor, dev_major, dev_minor;
	uint64_t rest[14];
};

static struct statx_time time_of(const struct timespec *ts)
{
	return (struct statx_time){ .sec = ts->tv_sec, .nsec = (uint32_t)ts->tv_nsec };
}

static uint32_t major_of(uint64_t dev)
{
	return (dev >> 8 & 0xfff) | (dev >> 32 & ~0xfffu);
}

static uint32_t minor_of(uint64_t dev)
{
	return (dev & 0xff) | (dev >> 12 & 0xffffff00u);
}

/* All basic fields are there, whatever was asked for; the time of birth is not kept. */
static void convert(const struct stat *st, struct statx *out)
{
	*out = (struct statx){
		.mask = STATX_BASIC_STATS,
		.blksize = (uint32_t)st->st_blksize,
		.nlink = (uint32_t)st->st_nlink,
		.uid = st->st_uid,
		.gid = st->st_gid,
		.mode = (uint16_t)st->st_mode,
		.ino = st->st_ino,
		.size = (uint64_t)st->st_size,
		.blocks = (uint64_t)st->st_blocks,
		.atime = time_of(&st->st_atim),
		.ctime = time_of(&st->st_ctim),
		.mtime = time_of(&st->st_mtim),
		.rdev_major = major_of(st->st_rdev),
		.rdev_minor = minor_of(st->st_rdev),
		.dev_major = major_of(st->st_dev),
		.dev_minor = minor_of(st->st_dev),
	};
}

long sys_statx(int dirfd, const char *path, int flags, unsigned mask, struct statx *out)
{
	struct stat st;
	long ret;

	if ((mask & STATX_RESERVED) || (flags & AT_STATX_SYNC_TYPE) == AT_STATX_SYNC_TYPE)
		return -EINVAL;
	if (!out)
		return -EFAULT;
	ret = sys_newfstatat(dirfd, path, &st, flags & ~AT_STATX_SYNC_TYPE);
	if (!ret)
		convert(&st, out);
	return ret;
}
