/* SPDX-License-Identifier: BSD-3-Clause */
/* Leaf entries of the page table and the flags of plat/pgtable.h, for the code that writes them. */
#ifndef PLAT_PTE_H
#define PLAT_PTE_H

#include <arch/pgtable.h>
#include <plat/pgtable.h>

/* How many holes plat_pt_next() looks over at once. */
#define PT_NEXT_STEPS 1024

/* The bits that allow what @flags say; without any access the page is only noted. */
static inline uint64_t pte_access_bits(unsigned flags)
{
	uint64_t bits = flags & (PT_READ | PT_WRITE | PT_EXEC) ? PTE_P : PTE_NONE;

	if (flags & PT_WRITE)
		bits |= PTE_W;
	if (!(flags & PT_EXEC))
		bits |= PTE_NX;
	return bits;
}

/* The bits for software. */
static inline uint64_t pte_owner_bits(unsigned flags)
{
	return (flags & PT_SHARED ? PTE_SHARED : 0) | (flags & PT_FOREIGN ? PTE_FOREIGN : 0);
}

/* Back from an entry to flags. */
static inline unsigned pte_flags(uint64_t entry)
{
	unsigned flags = (entry & PTE_SHARED ? PT_SHARED : 0) | (entry & PTE_FOREIGN ? PT_FOREIGN : 0);

	if (entry & PTE_P)
		flags |= PT_READ | (entry & PTE_W ? PT_WRITE : 0) | (entry & PTE_NX ? 0 : PT_EXEC);
	return flags;
}

/* Is there a page, with access or without? */
static inline bool pte_is_mapped(uint64_t entry)
{
	return entry & (PTE_P | PTE_NONE);
}

#endif
