/* SPDX-License-Identifier: BSD-3-Clause */
#include "lock_order.h"

#include <core/string.h>

int lock_order_kind(struct lock_order *o, const char *name)
{
	for (unsigned i = 0; i < o->count; i++)
		if (!strcmp(o->names[i], name))
			return i;
	if (o->count == LOCK_KINDS)
		return -1;
	o->names[o->count] = name;
	return o->count++;
}

static uint64_t bit(unsigned kind)
{
	return 1ull << kind;
}

bool lock_order_note(struct lock_order *o, unsigned a, unsigned b)
{
	if (a == b || o->inside[b] & bit(a))
		return false;
	uint64_t news = bit(b) | o->inside[b];

	if ((o->inside[a] & news) == news)
		return true;
	for (unsigned x = 0; x < o->count; x++)
		if (x == a || o->inside[x] & bit(a))
			o->inside[x] |= news;
	return true;
}
