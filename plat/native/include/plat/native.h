/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * x86 without a hypervisor's help, for the platforms: they call native_*() in the order of the sections below, provide pvh_start(), and
 * include <plat/native_entry.inc> in an assembler file of theirs.
 */
#ifndef PLAT_NATIVE_H
#define PLAT_NATIVE_H

/* Interrupt vectors: the first that is free for a platform, and that of native_upcall_init(). */
#define NATIVE_VECTOR_FIRST 0x20
#define NATIVE_VECTOR_UPCALL 0xf0
/* What struct regs has in place of a vector for the syscall instruction. */
#define NATIVE_VECTOR_SYSCALL 0x100

/* Segments. The user's are where sysret wants them, and Linux has them. */
#define NATIVE_KERNEL_CS 0x08
#define NATIVE_TSS 0x18
#define NATIVE_USER_BASE 0x20
#define NATIVE_USER_SS 0x2b
#define NATIVE_USER_CS 0x33

#ifndef __ASSEMBLER__
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* --- entry ----------------------------------------------------------------------------------------------------------------------- */

/* The start information that the loader passes (Xen public header arch-x86/hvm/start_info.h), version 1. */
struct pvh_start_info {
	uint32_t magic, version, flags, module_count;
	uint64_t modules, cmdline, rsdp, memory_map;
	uint32_t memory_map_entries, reserved;
};

struct pvh_memory_entry {
	uint64_t start, size;
	uint32_t type, reserved; /* type 1: RAM */
};

/* The platform's: called by the entry in long mode, interrupts off, with the first GiB mapped at 0 and in the direct map. */
_Noreturn void pvh_start(const struct pvh_start_info *info);

/* Panics when @info is not of a loader that tells the memory map. */
void native_check_start_info(const struct pvh_start_info *info);

/* --- set-up ---------------------------------------------------------------------------------------------------------------------- */

/*
 * The platform's part of an interrupt: @vector came; on the interrupt stack, interrupts off. Note it for plat_irq_run_pending() and
 * acknowledge it to the interrupt controller. Returns false if there is nothing to run.
 */
typedef bool (*native_note_t)(unsigned vector);

/* Descriptor tables; exceptions are handled from here on, and interrupts are noted by @note. */
void native_trap_init(native_note_t note);
/* Control registers and extended state. */
void native_cpu_init(void);
/* Copy what is needed of @info, which may be overwritten then; set up the allocator and the final page table. */
void native_memory_init(const struct pvh_start_info *info);
/* An address range of @size bytes above 4 GiB where the loader's memory map has nothing, aligned to 1 GiB. */
uint64_t native_unused_space(uint64_t size);

/* --- interrupts ------------------------------------------------------------------------------------------------------------------ */

/*
 * NATIVE_VECTOR_UPCALL arrives on the running stack instead of one of its own. It is for a source that repeats until the platform's
 * native_note_t has silenced it: the stack may not be backed, and then the first attempt ends in a page fault. What it is good for: QEMU 7.2 delivers an
 * interrupt that a hypervisor injects (SVM's EVENTINJ) twice now and then, the second on top of the first's frame if both use one stack.
 */
void native_upcall_init(void);

/* Operations of plat/ops.h, which plat/api documents as plat_<name>(), with what they return. */
void native_idle(void);
bool native_stacks_backed(void);
const char *native_cmdline(void);
bool native_initrd(const void **start, size_t *size);
void native_thread_switch(uintptr_t tls_base);
struct regs;
void native_user_stack(uintptr_t top);
void native_user_enter(const struct regs *regs, uintptr_t top);
bool native_random(uint64_t *out);
int native_pt_map(uintptr_t va, uint64_t pa, unsigned flags);
int native_pt_map_run(uintptr_t va, const uint64_t *pa, unsigned count, unsigned flags);
bool native_pt_lookup(uintptr_t va, uint64_t *pa, unsigned *flags);
uintptr_t native_pt_next(uintptr_t va, uintptr_t end);
void native_pt_protect(uintptr_t start, uintptr_t end, unsigned flags);
void native_pt_unmap(uintptr_t start, uintptr_t end, void (*gone)(uint64_t pa, unsigned flags));
#endif

#endif
