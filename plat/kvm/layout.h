/* SPDX-License-Identifier: BSD-3-Clause */
/* Address-space layout on this platform. */
#ifndef KVM_LAYOUT_H
#define KVM_LAYOUT_H

/* Where physical address 0 shows in the direct map; above the part that Xen keeps for itself on PV, for one layout on all platforms. */
#define DIRECT_PML4_INDEX 272
#define DIRECT_BASE 0xffff880000000000
/* What the first page tables map. */
#define BOOT_MAPPED 0x40000000

#endif
