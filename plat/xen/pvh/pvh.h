/* SPDX-License-Identifier: BSD-3-Clause */
/* Shared inside plat/xen/pvh only. */
#ifndef XEN_PVH_H
#define XEN_PVH_H

#include <plat/native.h>

#include "../mode.h"
#include "../xen.h"

/* --- cpuid.c: what Xen tells by CPUID --- */

/* The first of Xen's leaves, or 0: this is not Xen. */
uint32_t pvh_cpuid_base(void);
/* Is @domid this domain, as far as Xen tells? */
bool pvh_is_self(domid_t domid);

/* --- map.c --- */

/* Put the memory map into @info. Panics when Xen does not tell it. */
void pvh_add_memory_map(struct pvh_start_info *info);

/* --- frames.c: guest frames without memory of their own, where Xen can put something --- */

void pvh_frames_init(void);
/* Returns a frame number, or 0: none is left. Any context. */
uint64_t pvh_frame_alloc(void);
/* Nothing is at @frame any more. */
void pvh_frame_free(uint64_t frame);
/* Take away what XENMEM_add_to_physmap* put at @frame, and free it. If Xen keeps it there the frame stays used. */
void pvh_frame_release(uint64_t frame);
/* Put what @space (XENMAPSPACE_*) has at @index to @frame. Returns 0 or -Exxx. */
int pvh_frame_fill(uint64_t frame, unsigned space, uint64_t index);

/* --- foreign.c --- */

int pvh_map_foreign(uintptr_t va, domid_t domid, const uint64_t *frames, size_t count, bool machine, bool write, int *err);
int pvh_map_grant_table(uintptr_t va, unsigned index);
int pvh_grant_place(uintptr_t va, domid_t granter, bool write, xen_grant_op_t op, void *arg);
int pvh_grant_unplace(uintptr_t va, xen_grant_op_t op, void *arg);

/* --- pgtable.c: plat/native's, but for pages at the frames of frames.c --- */

bool pvh_pt_lookup(uintptr_t va, uint64_t *pa, unsigned *flags);
void pvh_pt_unmap(uintptr_t start, uintptr_t end, void (*gone)(uint64_t pa, unsigned flags));
uint64_t pvh_frame_of(const void *page);
void *pvh_page_of(uint64_t frame);

/* --- start.c, suspend.c --- */

/* Parameter @index (HVM_PARAM_*) of this domain, 0 if there is none. */
uint64_t pvh_param(unsigned index);
/* Ask again for what the start asked for: hypercalls, the shared page, the vector of events. Panics when Xen refuses. */
void pvh_share(void);
bool pvh_suspend(void);

#endif
