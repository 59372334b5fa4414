/* SPDX-License-Identifier: BSD-3-Clause */
/* Media that the toolstack puts into the guest's CD drive while it runs. */
#ifndef XEN_CDROM_H
#define XEN_CDROM_H

/*
 * Watch, on a thread of its own, for CDs that come as new disks of the stubdomain, and give each to QEMU in a descriptor set, where libxl (4.20)
 * looks for it. Returns 0, or -1 after a message.
 */
int cdrom_watch(void);

#endif
