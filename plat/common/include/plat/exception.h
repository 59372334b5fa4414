/* SPDX-License-Identifier: BSD-3-Clause */
/* Exceptions, once the platform's entry has made a register frame of them: mended, delivered as signals, or the end with a report. */
#ifndef PLAT_EXCEPTION_H
#define PLAT_EXCEPTION_H

#include <arch/regs.h>
#include <core/base.h>

#define EXCEPTION_NMI 2
#define EXCEPTION_DOUBLE_FAULT 8
#define EXCEPTION_PAGE_FAULT 14

#define RFLAGS_IF 0x200u

/*
 * Interrupts are off. @addr: what a page fault was about, else 0. Returns 0 when the exception is mended: repeat the instruction. Otherwise the
 * program may handle it as a signal: continue with exception_deliver() on the stack that ends at the returned address, which is the
 * interrupted one unless that is used up. Does not return when nobody can help.
 */
uintptr_t exception_handle(struct regs *r, uint64_t addr);

/* On the stack that exception_handle() named, interrupts on. Returns when the instruction is to be repeated. */
void exception_deliver(struct regs *r);

#endif
