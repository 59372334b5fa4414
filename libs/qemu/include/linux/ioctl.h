/* SPDX-License-Identifier: BSD-3-Clause */
/* How ioctl numbers are made: as the C library does it. */
#ifndef UK_LINUX_IOCTL_H
#define UK_LINUX_IOCTL_H

#include <sys/ioctl.h>

#endif
