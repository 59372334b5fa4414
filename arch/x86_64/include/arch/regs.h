/* SPDX-License-Identifier: BSD-3-Clause */
/* The register frame that trap and interrupt entries build on the stack. */
#ifndef ARCH_REGS_H
#define ARCH_REGS_H

#define REGS_SIZE 192
#define REGS_VECTOR 136
#define REGS_RIP 152
#define REGS_CS 160
#define REGS_RSP 176
#define REGS_SS 184

#ifndef __ASSEMBLER__
#include <stdbool.h>
#include <stdint.h>

struct regs {
	/* For the C code of an exception, from its first half to the one that runs with interrupts on. */
	uint64_t fault_address, fault_kind;
	uint64_t r15, r14, r13, r12, r11, r10, r9, r8;
	uint64_t rbp, rdi, rsi, rdx, rcx, rbx, rax;
	uint64_t vector, error;
	uint64_t rip, cs, rflags, rsp, ss;
};

_Static_assert(sizeof(struct regs) == REGS_SIZE, "assembly relies on it");
_Static_assert(__builtin_offsetof(struct regs, rip) == REGS_RIP, "assembly relies on it");
_Static_assert(__builtin_offsetof(struct regs, rsp) == REGS_RSP, "assembly relies on it");
_Static_assert(__builtin_offsetof(struct regs, vector) == REGS_VECTOR, "assembly relies on it");
_Static_assert(__builtin_offsetof(struct regs, ss) == REGS_SS, "assembly relies on it");
_Static_assert(__builtin_offsetof(struct regs, cs) == REGS_CS, "assembly relies on it");

/* Are these a program's, in user mode? */
static inline bool regs_are_user(const struct regs *r)
{
#ifdef CONFIG_CORE_USER
	return r->cs & 3;
#else
	(void)r;
	return false;
#endif
}
#endif

#endif
