/* SPDX-License-Identifier: BSD-3-Clause */
/* Limits of Linux that hw/9pfs asks for. */
#ifndef UK_LINUX_LIMITS_H
#define UK_LINUX_LIMITS_H

#define XATTR_SIZE_MAX 65536 /* bytes of an extended attribute */

#endif
