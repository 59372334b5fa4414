/* SPDX-License-Identifier: BSD-3-Clause */
/* Address-space layout on this platform. */
#ifndef XEN_LAYOUT_H
#define XEN_LAYOUT_H

/* Where pseudo-physical address 0 shows in the direct map: the first slot behind those that Xen keeps on PV. */
#define DIRECT_PML4_INDEX 272
#define DIRECT_BASE 0xffff880000000000

#endif
