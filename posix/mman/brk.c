/* SPDX-License-Identifier: BSD-3-Clause */
/* The heap of brk(2): a reservation of which a growing part is in use. */
#include <posix/calls.h>

#include <core/vmem.h>

#define HEAP_MAX (1ul << 30)

static uintptr_t start, end;

long sys_brk(uintptr_t address)
{
	uintptr_t want = address;

	if (!start) {
		long place = vmem_map(&(struct vmem_map_args){
			.addr = vmem_random_place(), .size = HEAP_MAX, .prot = VMEM_READ | VMEM_WRITE, .name = "heap" });

		if (place < 0)
			return 0;
		start = end = place;
	}
	if (want < start || want > start + HEAP_MAX)
		return end;
	uintptr_t keep = ALIGN_UP(want, PAGE_SIZE), used = ALIGN_UP(end, PAGE_SIZE);

	if (keep < used)
		vmem_discard(keep, used - keep);
	end = want;
	return end;
}
