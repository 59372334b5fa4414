/* SPDX-License-Identifier: BSD-3-Clause */
#include <core/alloc.h>

#include "xen.h"

static void *ring;
static uint32_t ring_port;

void xen_store_init(const struct start_info *info)
{
	if (xen_is_dom0() || !info->store_mfn)
		return;
	ring = phys_to_virt(MACHINE_TO_PHYS[info->store_mfn] << PAGE_SHIFT);
	ring_port = info->store_evtchn;
}

bool xen_store_ring(void **page, uint32_t *port)
{
	*page = ring;
	*port = ring_port;
	return ring;
}
