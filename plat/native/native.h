/* SPDX-License-Identifier: BSD-3-Clause */
/* Shared inside plat/native only. */
#ifndef NATIVE_NATIVE_H
#define NATIVE_NATIVE_H

/* What the first page tables map. */
#define BOOT_MAPPED 0x40000000

#ifndef __ASSEMBLER__
#include <arch/regs.h>
#include <core/base.h>
#include <plat/native.h>

void native_pgtable_init(void);
/* Map [start, end) of physical memory into the direct map, in large pages. */
void native_pgtable_map_direct(uint64_t start, uint64_t end);
void native_pgtable_activate(void);

/* interrupt.c: set by native_trap_init(). */
extern native_note_t native_note;

/* From trap_entry.S; each returns the end of the stack on which to continue with the second function, or 0. */
uintptr_t native_interrupt(struct regs *r);
void native_interrupt_on_stack(struct regs *r);
uintptr_t native_exception(struct regs *r);
void native_exception_on_stack(struct regs *r);

#ifdef CONFIG_CORE_USER
/* user.c: the registers of the syscall instruction, once at boot; and, from trap_entry.S, that instruction and the way back from the kernel. */
void native_user_init(void);
void native_syscall(struct regs *r);
void native_user_return(struct regs *r);
#endif
#endif

#endif
