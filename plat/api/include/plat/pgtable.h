/* SPDX-License-Identifier: BSD-3-Clause */
/* The page table, as core/vmem sees it. Callers disable preemption; addresses are page aligned. */
#ifndef PLAT_PGTABLE_H
#define PLAT_PGTABLE_H

#include <plat/ops.h>

/* A page with neither READ, WRITE nor EXEC keeps its contents but any access faults. */
#define PT_READ 1u
#define PT_WRITE 2u
#define PT_EXEC 4u
#define PT_DEVICE 8u /* uncached */
#define PT_SHARED 16u /* software: the page belongs to somebody else */
#define PT_FOREIGN 32u /* software: a page of another domain, which has no physical address here */

/* Map one page, replacing what was there. Returns 0 or -ENOMEM (a table page could not be had). */
static inline int plat_pt_map(uintptr_t va, uint64_t pa, unsigned flags)
{
	return plat_ops.pt_map(va, pa, flags);
}

/* How many pages plat_pt_map_run() takes at most; they lie within as many pages from a multiple of this. */
#define PT_RUN_MAX 8u

/*
 * Map @count pages in a row at addresses where nothing is mapped, from 1 to PT_RUN_MAX, at once: on Xen that is one hypercall. Returns 0, or
 * -ENOMEM with none of them mapped.
 */
static inline int plat_pt_map_run(uintptr_t va, const uint64_t *pa, unsigned count, unsigned flags)
{
	return plat_ops.pt_map_run(va, pa, count, flags);
}

/* Is there a page? Its physical address (0 if foreign) and flags. */
static inline bool plat_pt_lookup(uintptr_t va, uint64_t *pa, unsigned *flags)
{
	return plat_ops.pt_lookup(va, pa, flags);
}

/*
 * The first address at or after @va, below @end, where a page may be mapped; @end if there is none. After a bounded number of steps it stops
 * looking and returns how far it got: that address need not have a page.
 */
static inline uintptr_t plat_pt_next(uintptr_t va, uintptr_t end)
{
	return plat_ops.pt_next(va, end);
}

/* Give every page mapped in [start, end) the access bits of @flags. */
static inline void plat_pt_protect(uintptr_t start, uintptr_t end, unsigned flags)
{
	plat_ops.pt_protect(start, end, flags);
}

/* Unmap [start, end), telling each page that was mapped; tables that became empty are freed. */
static inline void plat_pt_unmap(uintptr_t start, uintptr_t end, void (*gone)(uint64_t pa, unsigned flags))
{
	plat_ops.pt_unmap(start, end, gone);
}

#endif
