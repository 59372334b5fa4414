/* SPDX-License-Identifier: BSD-3-Clause */
/* The order of locks as it is seen: which kind was taken while which other was held. Pure data structure. */
#ifndef SCHED_LOCK_ORDER_H
#define SCHED_LOCK_ORDER_H

#include <core/base.h>

#define LOCK_KINDS 64

struct lock_order {
	const char *names[LOCK_KINDS];
	uint64_t inside[LOCK_KINDS]; /* bit b of [a]: b was taken within a, directly or not */
	unsigned count;
};

/* The number of the kind called @name, from 0; a new one if need be. -1 when there are too many. */
int lock_order_kind(struct lock_order *o, const char *name);

/* Kind @b is taken within @a. Returns false, and changes nothing, if they are one or a was taken within b before. */
bool lock_order_note(struct lock_order *o, unsigned a, unsigned b);

#endif
