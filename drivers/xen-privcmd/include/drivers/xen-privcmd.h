/* SPDX-License-Identifier: BSD-3-Clause */
/* The door of libs/xentools to the hypervisor, where Linux has /dev/xen/privcmd. Hypercalls and foreign frames are plat/xen.h's. */
#ifndef DRIVERS_XEN_PRIVCMD_H
#define DRIVERS_XEN_PRIVCMD_H

#include <plat/xen.h>

/*
 * The frame number, as Xen and other domains know it, of the page at @addr (any memory; backed first if need be, for writing when
 * @write). Valid until the page is unmapped. Returns 0, -EFAULT or -ENOMEM. Thread context.
 */
int xen_privcmd_frame(const void *addr, bool write, uint64_t *frame);

#endif
