/* SPDX-License-Identifier: BSD-3-Clause */
/* Checks of spin locks while the kernel runs (CONFIG_DEBUG_LOCKS): pairing, recursion, and one order for all. */
#include <core/log.h>
#include <core/spinlock.h>

#include "lock_order.h"

#define DEPTH_MAX 16

static struct lock_order order;
/* Of this processor: what is held, outermost first. Preemption is off while anything is. */
static struct spinlock *held[DEPTH_MAX];
static unsigned depth;
static bool failed; /* the report itself takes locks */

static unsigned kind_of(struct spinlock *l)
{
	if (!l->kind) {
		if (!l->name)
			panic("lock %p has no name", (void *)l);
		int kind = lock_order_kind(&order, l->name);

		if (kind < 0)
			panic("lock \"%s\": more than %d kinds of locks", l->name, LOCK_KINDS);
		l->kind = kind + 1;
	}
	return l->kind - 1u;
}

static void check(struct spinlock *l)
{
	unsigned kind = kind_of(l);

	if (l->held)
		panic("lock \"%s\": taken again; it is held since %p", l->name, (void *)l->taken_at);
	if (depth == DEPTH_MAX)
		panic("lock \"%s\": %u locks are held already", l->name, depth);
	for (unsigned i = 0; i < depth; i++)
		if (!lock_order_note(&order, held[i]->kind - 1u, kind))
			panic("lock \"%s\": taken within \"%s\", which was taken within it before", l->name, held[i]->name);
}

void lock_debug_take(struct spinlock *l, uintptr_t pc)
{
	if (failed)
		return;
	failed = true; /* unless the checks return */
	check(l);
	failed = false;
	l->taken_at = pc;
	held[depth++] = l;
}

void lock_debug_drop(struct spinlock *l)
{
	unsigned i = depth;

	if (failed)
		return;
	while (i && held[i - 1] != l)
		i--;
	if (!i) {
		failed = true;
		panic("lock \"%s\": released, and not held", l->name ? l->name : "?");
	}
	for (; i < depth; i++)
		held[i - 1] = held[i];
	depth--;
}
