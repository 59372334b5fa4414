/* SPDX-License-Identifier: BSD-3-Clause */
/* Requests of CD-ROM drives: no device here answers them. */
#ifndef UK_LINUX_CDROM_H
#define UK_LINUX_CDROM_H

#include <limits.h>

#define CDROMEJECT 0x5309
#define CDROMCLOSETRAY 0x5319
#define CDROM_DRIVE_STATUS 0x5326
#define CDROM_LOCKDOOR 0x5329
#define CDSL_CURRENT INT_MAX
#define CDS_DISC_OK 4

#endif
