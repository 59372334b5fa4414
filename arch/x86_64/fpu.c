/* SPDX-License-Identifier: BSD-3-Clause */
#include <arch/fpu.h>

#include <stdint.h>

static bool use_xsave;
static size_t state_size = 512;

void fpu_init(bool xsave, size_t size)
{
	use_xsave = xsave;
	state_size = xsave && size > 512 ? size : 512;
}

size_t fpu_size(void)
{
	return state_size;
}

uint64_t fpu_states(void)
{
	uint32_t low, high;

	if (!use_xsave)
		return FPU_LEGACY_STATES;
	__asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
	return (uint64_t)high << 32 | low;
}

void fpu_save(void *area)
{
	if (!use_xsave) {
		__asm__ volatile("fxsave64 (%0)" : : "r"(area) : "memory");
		return;
	}
	/* XRSTOR requires a clean header; XSAVE writes only part of it. */
	uint64_t *header = (uint64_t *)((char *)area + 512);

	for (int i = 0; i < 8; i++)
		header[i] = 0;
	__asm__ volatile("xsave64 (%0)" : : "r"(area), "a"(~0u), "d"(~0u) : "memory");
}

void fpu_restore(const void *area)
{
	if (use_xsave)
		__asm__ volatile("xrstor64 (%0)" : : "r"(area), "a"(~0u), "d"(~0u) : "memory");
	else
		__asm__ volatile("fxrstor64 (%0)" : : "r"(area) : "memory");
}
