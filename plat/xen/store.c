/* SPDX-License-Identifier: BSD-3-Clause */
#include "xen.h"

static void *ring;
static uint32_t ring_port;

void xen_store_init(void *page, uint32_t port)
{
	ring = page;
	ring_port = port;
}

void xen_store_move(uint32_t port)
{
	ring_port = port;
}

bool xen_store_ring(void **page, uint32_t *port)
{
	*page = ring;
	*port = ring_port;
	return ring;
}
