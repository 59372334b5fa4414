/* SPDX-License-Identifier: BSD-3-Clause */
/* What the system calls itself: uname(2) and the files of /proc/sys/kernel say the same. */
#ifndef POSIX_UTS_H
#define POSIX_UTS_H

#include <core/version.h>

#define UTS_SYSNAME "Linux"
#define UTS_NODENAME "unidom"
#define UTS_RELEASE "6.1.0-unidom"
#define UTS_VERSION "#1 Unidom " UNIDOM_VERSION
#define UTS_MACHINE "x86_64"
#define UTS_DOMAINNAME "(none)"

#endif
