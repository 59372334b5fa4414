/* SPDX-License-Identifier: BSD-3-Clause */
#include <drivers/xen-privcmd.h>

#include <core/alloc.h>
#include <core/vmem.h>

int xen_privcmd_frame(const void *addr, bool write, uint64_t *frame)
{
	paddr_t pa;
	int ret = vmem_translate(addr, write, &pa);

	if (!ret)
		*frame = xen_frame_of(phys_to_virt(pa & PAGE_MASK));
	return ret;
}
