/* SPDX-License-Identifier: BSD-3-Clause */
/* Where mappings go: somewhere else at each boot, so that an address learnt from one says nothing about the next. */
#include <core/random.h>
#include <core/vmem.h>

#define BASE_BITS 28 /* of page numbers: within 1 TiB, of 127 */

uintptr_t vmem_base = VMEM_BASE;

static bool randomized;

static uint64_t random_bits(unsigned bits)
{
	uint64_t value;

	random_bytes(&value, sizeof(value));
	return value & ((1ull << bits) - 1);
}

void vmem_randomize(void)
{
	randomized = true;
	vmem_base += random_bits(BASE_BITS) * PAGE_SIZE;
}

uintptr_t vmem_random_place(void)
{
	const uint64_t pages = (VMEM_END - VMEM_BASE) / 2 / PAGE_SIZE;

	return randomized ? VMEM_BASE + (pages + random_bits(32) % pages) * PAGE_SIZE : 0;
}
