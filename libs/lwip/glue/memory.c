/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Memory for all of lwIP and of the sockets, from the kernel, with one limit: what the network can make us keep is bounded by it, whatever it is
 * for. lwIP frees the oldest of its ended connections when it gets none.
 */
#include <core/netstack.h>
#include <lwip/opt.h>
#include <string.h>

#define LIMIT (LWIP_GLUE_MEMORY * 1024ul)

struct block {
	size_t size;
	size_t pad; /* what follows is aligned to 16 bytes */
};

static size_t used;

void *lwip_glue_malloc(unsigned long size)
{
	struct block *b;

	if (size > LIMIT || used > LIMIT - size)
		return NULL;
	b = netstack_alloc(sizeof(*b) + size);
	if (!b)
		return NULL;
	b->size = size + sizeof(*b);
	used += b->size;
	return b + 1;
}

void *lwip_glue_calloc(unsigned long count, unsigned long size)
{
	void *p = count && size > LIMIT / count ? NULL : lwip_glue_malloc(count * size);

	return p ? memset(p, 0, count * size) : NULL;
}

void lwip_glue_free(void *p)
{
	struct block *b = p;

	if (!b)
		return;
	b--;
	used -= b->size;
	netstack_free(b);
}
