/* SPDX-License-Identifier: BSD-3-Clause */
/* struct stat of x86-64. */
#ifndef ABI_ARCH_STAT_H
#define ABI_ARCH_STAT_H

#include <stdint.h>

#include <abi/time.h>

struct stat {
	uint64_t st_dev;
	uint64_t st_ino;
	uint64_t st_nlink;
	uint32_t st_mode;
	uint32_t st_uid;
	uint32_t st_gid;
	uint32_t pad;
	uint64_t st_rdev;
	int64_t st_size;
	int64_t st_blksize;
	int64_t st_blocks;
	struct timespec st_atim;
	struct timespec st_mtim;
	struct timespec st_ctim;
	int64_t unused[3];
};

_Static_assert(sizeof(struct stat) == 144, "layout of struct stat");

#endif
