/* SPDX-License-Identifier: BSD-3-Clause */
/* Walking a page table, for both who write one: by themselves or through Xen. */
#ifndef PLAT_PT_WALK_H
#define PLAT_PT_WALK_H

#include <arch/pgtable.h>
#include <core/base.h>
#include <plat/pte.h>

/*
 * First address at or after @va, and before @end, that may have a leaf table; @end if there is none. After @steps holes of the upper levels it
 * returns what it has come to, whether that has a leaf table or not. @root is the table of the highest level; @table_of gives the table that
 * an entry refers to. Large pages count as holes.
 */
static inline uintptr_t pt_skip_holes(const uint64_t *root, uint64_t *(*table_of)(uint64_t entry), uintptr_t va, uintptr_t end,
                                      unsigned steps)
{
	while (va < end && steps--) {
		const uint64_t *table = root;
		int l = PT_LEVELS - 1;

		for (; l > 0; l--) {
			uint64_t e = table[PT_INDEX(va, l)];

			if (!e || e & PTE_PS)
				break;
			table = table_of(e);
		}
		if (!l)
			return va;
		va = (va | ((1ul << PT_SHIFT(l)) - 1)) + 1;
		if (!va)
			return end;
	}
	return MIN(va, end);
}

#endif
