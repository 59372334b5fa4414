/* SPDX-License-Identifier: BSD-3-Clause */
/* stat(2), statfs(2), getdents64(2): types, modes, layouts (Linux ABI). */
#ifndef ABI_STAT_H
#define ABI_STAT_H

#include <stdint.h>

#include <abi/arch/stat.h>

#define S_IFMT 0170000
#define S_IFSOCK 0140000
#define S_IFLNK 0120000
#define S_IFREG 0100000
#define S_IFBLK 0060000
#define S_IFDIR 0040000
#define S_IFCHR 0020000
#define S_IFIFO 0010000
#define S_ISUID 04000
#define S_ISGID 02000
#define S_ISVTX 01000
#define S_IXGRP 00010
#define S_IRWXUGO 0777
#define S_IALLUGO 07777
#define S_ISDIR(m) (((m)&S_IFMT) == S_IFDIR)
#define S_ISREG(m) (((m)&S_IFMT) == S_IFREG)
#define S_ISLNK(m) (((m)&S_IFMT) == S_IFLNK)
#define S_ISSOCK(m) (((m)&S_IFMT) == S_IFSOCK)
#define S_ISFIFO(m) (((m)&S_IFMT) == S_IFIFO)
#define S_ISCHR(m) (((m)&S_IFMT) == S_IFCHR)
#define S_ISBLK(m) (((m)&S_IFMT) == S_IFBLK)

#define UTIME_NOW 0x3fffffff
#define UTIME_OMIT 0x3ffffffe

struct statfs {
	uint64_t f_type;
	uint64_t f_bsize;
	uint64_t f_blocks;
	uint64_t f_bfree;
	uint64_t f_bavail;
	uint64_t f_files;
	uint64_t f_ffree;
	int f_fsid[2];
	uint64_t f_namelen;
	uint64_t f_frsize;
	uint64_t f_flags;
	uint64_t f_spare[4];
};

struct dirent64 {
	uint64_t d_ino;
	int64_t d_off;
	uint16_t d_reclen;
	uint8_t d_type;
	char d_name[];
};

/* st_rdev of a device node. */
static inline uint64_t dev_make(unsigned major, unsigned minor)
{
	return (uint64_t)(major & 0xfff) << 8 | (minor & 0xff) | (uint64_t)(minor & ~0xffu) << 12;
}

#endif
