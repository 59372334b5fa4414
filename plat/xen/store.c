/* SPDX-License-Identifier: BSD-3-Clause */
#include <core/log.h>

#include "audit.h"
#include "xen.h"

static const uint8_t requests[] = {
#define STORE(number, name, who) number,
#include "surface.inc"
};

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

bool xen_store_permits(uint32_t number)
{
	static struct log_limit limit;
	bool listed = false;

	for (size_t i = 0; i < ARRAY_SIZE(requests) && !listed; i++)
		listed = requests[i] == number;
	if (!listed)
		log_ratelimited(&limit, LOG_WARN, "xenstore: request %u is not in plat/xen/surface.inc: refused", number);
	audit_store(number, listed);
	return listed;
}
