/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The embedded symbol table (section .ksyms, written by scripts/ksyms): a u32 count, then per function, by address, a u32
 * address and a u32 offset of its name within the names that follow. Images without one have an empty section.
 */
#include "ksyms.h"

extern const char __ksyms_start[], __ksyms_end[];
extern const char __text_start[], __text_end[];

struct entry {
	uint32_t address, name;
};

bool ksyms_is_text(uintptr_t addr)
{
	return addr >= (uintptr_t)__text_start && addr < (uintptr_t)__text_end;
}

const char *ksyms_lookup(uintptr_t addr, uintptr_t *offset)
{
	if (__ksyms_end - __ksyms_start < 8 || !ksyms_is_text(addr))
		return NULL;
	uint32_t count = *(const uint32_t *)__ksyms_start;
	const struct entry *entries = (const struct entry *)(__ksyms_start + sizeof(uint32_t));
	uint32_t lo = 0, hi = count;

	while (lo < hi) {
		uint32_t mid = lo + (hi - lo) / 2;

		if (entries[mid].address <= addr)
			lo = mid + 1;
		else
			hi = mid;
	}
	if (!lo)
		return NULL;
	*offset = addr - entries[lo - 1].address;
	return (const char *)(entries + count) + entries[lo - 1].name;
}
