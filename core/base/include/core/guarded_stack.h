/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Stacks that are part of the image: for what runs before threads have theirs, or on none of them. The page below each is taken out of the
 * address space (core/vmem), so that what goes past the end faults, and the crash report tells whose stack that was.
 */
#ifndef CORE_GUARDED_STACK_H
#define CORE_GUARDED_STACK_H

#include <core/base.h>

struct guarded_stack {
	const char *name;
	char *guard; /* a page, never to be touched; the stack follows */
	size_t size; /* of the stack, bytes */
};

/* Define the stack @id of @bytes, a multiple of PAGE_SIZE; @what names it in messages. */
#define GUARDED_STACK(id, bytes, what) \
	static char id[PAGE_SIZE + (bytes)] __aligned(PAGE_SIZE); \
	static const struct guarded_stack __section(".guarded_stacks") __attribute__((used, retain)) __aligned(8) \
		guarded_stack_##id = { what, id, bytes }

/* Where the stack @id starts: its first address is its end. */
#define GUARDED_STACK_TOP(id) ((uintptr_t)(id) + sizeof(id))

/* All there are, from the link script. */
extern const struct guarded_stack __guarded_stacks_start[], __guarded_stacks_end[];

/* The stack whose guard page has @addr, or NULL. */
static inline const struct guarded_stack *guarded_stack_below(uintptr_t addr)
{
	for (const struct guarded_stack *s = __guarded_stacks_start; s < __guarded_stacks_end; s++)
		if (addr - (uintptr_t)s->guard < PAGE_SIZE)
			return s;
	return NULL;
}

#endif
