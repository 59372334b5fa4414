/* SPDX-License-Identifier: BSD-3-Clause */
/* The address space, the same on all platforms. For C and assembly. */
#ifndef PLAT_LAYOUT_H
#define PLAT_LAYOUT_H

/* Where (pseudo-)physical address 0 shows in the direct map: the first slot behind those that Xen keeps for itself on PV. */
#define DIRECT_PML4_INDEX 272
#define DIRECT_BASE 0xffff880000000000

#endif
