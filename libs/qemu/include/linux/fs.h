/* SPDX-License-Identifier: BSD-3-Clause */
/* Requests of block devices and file flags, for file-posix.c and the NBD code. */
#ifndef UK_LINUX_FS_H
#define UK_LINUX_FS_H

#include <sys/ioctl.h>
#include <sys/mount.h>

#ifndef BLKDISCARD
#define BLKDISCARD _IO(0x12, 119)
#endif
#ifndef BLKPBSZGET
#define BLKPBSZGET _IO(0x12, 123)
#endif
#ifndef BLKZEROOUT
#define BLKZEROOUT _IO(0x12, 127)
#endif

#define FS_IOC_GETFLAGS _IOR('f', 1, long)
#define FS_IOC_SETFLAGS _IOW('f', 2, long)
#define FS_NOCOW_FL 0x00800000

#endif
