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

/* From trap_entry.S; each returns true to continue on the interrupted stack with the second function. */
bool native_interrupt(struct regs *r);
void native_interrupt_on_stack(struct regs *r);
uintptr_t native_exception(struct regs *r);
void native_exception_on_stack(struct regs *r);
#endif

#endif
