/* SPDX-License-Identifier: BSD-3-Clause */
/* Limits of stacks that compiled code looks at (CONFIG_STACK_LIMIT). */
#ifndef ARCH_STACK_LIMIT_H
#define ARCH_STACK_LIMIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The slot of -fsplit-stack in the thread's control block; libs/musl keeps it free. */
#define ARCH_STACK_LIMIT_OFFSET 0x70

/* What must be left below a limit: for a fault's and an interrupt's frames, system calls, and musl, which does not look. */
#define ARCH_STACK_RESERVE (12ul << 10)

/* Where the limit of the thread is whose TLS base (FS) is @tls_base: the least stack pointer, 0 for none. NULL if nobody looks. */
static inline uintptr_t *arch_stack_limit(uintptr_t tls_base)
{
#ifdef CONFIG_STACK_LIMIT
	return tls_base ? (uintptr_t *)(tls_base + ARCH_STACK_LIMIT_OFFSET) : NULL;
#else
	(void)tls_base;
	return NULL;
#endif
}

/* Is an invalid opcode at @pc a function's complaint that the limit is reached? */
static inline bool arch_is_stack_overflow(uintptr_t pc)
{
#ifdef CONFIG_STACK_LIMIT
	extern const char arch_stack_overflow[];

	return pc == (uintptr_t)arch_stack_overflow;
#else
	(void)pc;
	return false;
#endif
}

#endif
