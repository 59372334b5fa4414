/* SPDX-License-Identifier: BSD-3-Clause */
/* Modes of fallocate(2). */
#ifndef UK_LINUX_FALLOC_H
#define UK_LINUX_FALLOC_H

#define FALLOC_FL_KEEP_SIZE 0x01
#define FALLOC_FL_PUNCH_HOLE 0x02
#define FALLOC_FL_ZERO_RANGE 0x10

#endif
