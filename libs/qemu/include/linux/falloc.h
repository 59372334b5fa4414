/* SPDX-License-Identifier: BSD-3-Clause */
/* Modes of fallocate(2); the C library has those that are older. */
#ifndef UK_LINUX_FALLOC_H
#define UK_LINUX_FALLOC_H

#include <fcntl.h>

#define FALLOC_FL_ZERO_RANGE 0x10

#endif
