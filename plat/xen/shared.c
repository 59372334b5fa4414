/* SPDX-License-Identifier: BSD-3-Clause */
#include <arch/pgtable.h>

#include "xen.h"

long xen_hypercall3(unsigned nr, unsigned long a1, unsigned long a2, unsigned long a3)
{
	return xen_hypercall(nr, a1, a2, a3, 0, 0);
}

/* The page takes the place of a page of the image. */
void shared_info_init(uint64_t maddr)
{
	if (xen_hypercall3(HYPERCALL_UPDATE_VA_MAPPING, (uintptr_t)&shared_info, maddr | PTE_P | PTE_W | PTE_NX, UVMF_INVLPG))
		__builtin_trap();
}
