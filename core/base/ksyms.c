/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The embedded symbol table (section .ksyms, written by scripts/ksyms): a u32 count, then per function, by address, a u32
 * address and a u32 offset of its name within the names; a u16 size for each; the names. Images without one have an empty section. It names
 * the kernel's functions only: between two of them there may be a megabyte of ported code.
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

const char *ksyms_find(const void *table, size_t size, uintptr_t addr, uintptr_t *offset)
{
	if (size < 8)
		return NULL;
	uint32_t count = *(const uint32_t *)table;
	const struct entry *entries = (const struct entry *)((const char *)table + sizeof(uint32_t));
	const uint16_t *sizes = (const uint16_t *)(entries + count);
	uint32_t lo = 0, hi = count;

	while (lo < hi) {
		uint32_t mid = lo + (hi - lo) / 2;

		if (entries[mid].address <= addr)
			lo = mid + 1;
		else
			hi = mid;
	}
	if (!lo || addr - entries[lo - 1].address >= sizes[lo - 1])
		return NULL;
	*offset = addr - entries[lo - 1].address;
	return (const char *)(sizes + count) + entries[lo - 1].name;
}

const char *ksyms_lookup(uintptr_t addr, uintptr_t *offset)
{
	return ksyms_is_text(addr) ? ksyms_find(__ksyms_start, __ksyms_end - __ksyms_start, addr, offset) : NULL;
}
