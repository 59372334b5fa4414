/* SPDX-License-Identifier: BSD-3-Clause */
/* The heap of brk(2): a reservation of which a growing part is in use. */
#include <posix/calls.h>

#include "internal.h"

#define HEAP_MAX (1ul << 30)

uintptr_t heap_start, heap_end;

long sys_brk(uintptr_t address)
{
	uintptr_t want = address;

	if (!heap_start) {
		long place = vmem_map(&(struct vmem_map_args){
			.addr = vmem_random_place(), .size = HEAP_MAX, .prot = VMEM_READ | VMEM_WRITE, .name = "heap" });

		if (place < 0)
			return 0;
		heap_start = heap_end = place;
	}
	if (want < heap_start || want > heap_start + HEAP_MAX)
		return heap_end;
	uintptr_t keep = ALIGN_UP(want, PAGE_SIZE), used = ALIGN_UP(heap_end, PAGE_SIZE);

	if (keep > used && !growth_allowed(&(struct growth){ .size = keep - used, .data = true }))
		return heap_end;
	if (keep < used)
		vmem_discard(keep, used - keep);
	heap_end = want;
	return heap_end;
}
