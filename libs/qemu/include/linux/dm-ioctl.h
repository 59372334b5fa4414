/* SPDX-License-Identifier: BSD-3-Clause */
/* The device mapper, which is not here: QEMU (10.2) asks for DM_MPATH_PROBE_PATHS by #if, and does without. */
#ifndef UK_LINUX_DM_IOCTL_H
#define UK_LINUX_DM_IOCTL_H

#endif
