/* SPDX-License-Identifier: BSD-3-Clause */
/* Stacks with a page below that nothing is mapped at. */
#include <core/guarded_stack.h>
#include <core/init.h>
#include <core/kthread.h>
#include <plat/pgtable.h>

#include "vmem.h"

_Static_assert(VMEM_END <= KTHREAD_STACKS, "kernel threads have their stacks where no mapping goes");

long vmem_stack_alloc(size_t size, uintptr_t place)
{
	struct vmem_map_args args = {
		.addr = place,
		.size = PAGE_SIZE + size,
		.prot = VMEM_READ | VMEM_WRITE,
		.name = "stack",
	};
	long guard = vmem_map(&args);

	if (guard < 0)
		return guard;
	int ret = vmem_protect(guard, PAGE_SIZE, 0);

	if (ret)
		vmem_unmap(guard, PAGE_SIZE + size);
	return ret ? ret : guard + (long)PAGE_SIZE;
}

/* The frame behind a guard page serves others. */
static void give(uint64_t pa, unsigned flags __unused)
{
	page_add_range(pa, pa + PAGE_SIZE);
}

static int guard_stacks(void)
{
	for (const struct guarded_stack *s = __guarded_stacks_start; s < __guarded_stacks_end; s++) {
		spin_lock(&vmem_lock);
		plat_pt_unmap((uintptr_t)s->guard, (uintptr_t)s->guard + PAGE_SIZE, give);
		spin_unlock(&vmem_lock);
	}
	return 0;
}
INITCALL(INIT_SERVICES, guard_stacks);
