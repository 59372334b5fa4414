/* SPDX-License-Identifier: BSD-3-Clause */
/* The heap of brk(2): a reservation of which a growing part is in use. */
#include <posix/calls.h>

#include "internal.h"

#define HEAP_MAX (1ul << 30)

PROCESS_LOCAL uintptr_t heap_start_of_process, heap_end_of_process;

#ifdef CONFIG_CORE_PROCESSES
/* Page tables of a random place stay, so only one program has one. */
#define HEAP_PLACE (process_local(process_here).space > 1 ? 0 : vmem_random_place())
#else
#define HEAP_PLACE vmem_random_place()
#endif

long sys_brk(uintptr_t address)
{
	uintptr_t want = address;

	if (!heap_start) {
		struct vmem_map_args args = {
			.addr = HEAP_PLACE, .size = HEAP_MAX, .prot = VMEM_READ | VMEM_WRITE, .name = "heap"
		};

		own_by_program(&args);
		long place = vmem_map(&args);

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

#ifdef CONFIG_CORE_PROCESSES
/* A child that has its parent's memory has its heap, too: where that ends is the parent's business from here on. */
static void give_back(uintptr_t process)
{
	const struct process *p = &process_local_of(process, process_here);

	if (!process || p->in_place || p->space != process_local_of(p->parent, process_here).space)
		return;
	process_local_of(p->parent, heap_start_of_process) = process_local_of(process, heap_start_of_process);
	process_local_of(p->parent, heap_end_of_process) = process_local_of(process, heap_end_of_process);
}

static void exec(void)
{
	give_back(process_self());
	heap_start = heap_end = 0;
}

static const struct process_part heap_part = { .exec = exec, .end = give_back };
PROCESS_PART(heap_part);
#endif
