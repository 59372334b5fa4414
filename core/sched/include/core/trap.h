/* SPDX-License-Identifier: BSD-3-Clause */
/* Exceptions that a program may handle: what the platform tells the POSIX layer. */
#ifndef CORE_TRAP_H
#define CORE_TRAP_H

#include <core/base.h>

enum trap_kind { TRAP_ADDRESS, TRAP_ACCESS, TRAP_BUS, TRAP_ARITHMETIC, TRAP_ILLEGAL, TRAP_BREAKPOINT };

struct trap_info {
	enum trap_kind kind;
	uintptr_t address; /* data address of a fault, or 0 */
	uintptr_t pc;
	bool user; /* in user mode: core/user.h */
};

/*
 * Called on the faulting thread, on its own stack, with preemption enabled. Returns true to repeat the instruction, false when nobody
 * handles it: the domain ends with a report. May be NULL.
 */
extern bool (*trap_signal_hook)(struct trap_info *info);

/*
 * The interrupted stack has no room at @sp. The end of the stack on which the program handles @kind instead, of which @need bytes or more are
 * free and mapped, or 0. On the exception's stack, preemption disabled. NULL if trap_signal_hook is.
 */
extern uintptr_t (*trap_stack_hook)(enum trap_kind kind, uintptr_t sp, size_t need);

#endif
