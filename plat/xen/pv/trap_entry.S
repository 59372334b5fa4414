/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Entries of exceptions and of the event callback. Xen pushes a frame on the running stack, aligned to 16 bytes: rcx, r11, [error code,]
 * rip, cs, rflags, rsp, ss. It becomes a struct regs here.
 */
#include <arch/regs.inc>

#include "../abi.h"

	.text

	/* rcx and r11 come back from the frame; their places take vector and error code. */
	.macro entry vector, has_error
	.balign 32
	.if \has_error
	pop %rcx
	pop %r11
	pushq $\vector
	.else
	mov (%rsp), %rcx
	mov 8(%rsp), %r11
	movq $\vector, (%rsp)
	movq $0, 8(%rsp)
	.endif
	.endm

	/* A stub every 32 bytes. */
	.balign 32
	.globl pv_trap_stubs
pv_trap_stubs:
vector = 0
	.rept 32
	.if (vector == 8) || ((vector >= 10) && (vector <= 14)) || (vector == 17) || (vector == 21)
	entry vector, 1
	.else
	entry vector, 0
	.endif
	jmp pv_exception_entry
vector = vector + 1
	.endr

	.balign 32
pv_exception_entry:
	save_registers
	mov %rsp, %rdi
	call xen_exception
#ifdef CONFIG_CORE_USER
	testb $3, REGS_CS(%rsp)
	jnz pv_user_leave
#endif
return_directly:
	restore_registers
	/* Xen shows the kernel's selectors with privilege 0. */
	orb $3, 8(%rsp)
	orb $3, 32(%rsp)
	iretq

	.globl event_entry
event_entry:
	entry 256, 0
	save_registers
	mov %rsp, %rdi
	call xen_event
#ifdef CONFIG_CORE_USER
	testb $3, REGS_CS(%rsp)
	jnz pv_user_leave
#endif
	test %al, %al
	jz return_directly
return_by_xen:
	restore_registers
	pushq $0			/* flags: all registers are restored */
	jmp hypercall_page + HYPERCALL_IRET * HYPERCALL_STUB_SIZE

#ifdef CONFIG_CORE_USER
	/* The syscall instruction of a program. */
	.globl pv_syscall_entry
pv_syscall_entry:
	entry 257, 0
	save_registers
	mov %rsp, %rdi
	call pv_syscall
	jmp return_by_xen

	/* Back to user mode, which only Xen can; the stack pointer is a struct regs at the end of the thread's kernel stack. */
pv_user_leave:
	mov %rsp, %rdi
	call pv_user_return
	jmp return_by_xen

	/* void pv_user_enter(const struct regs *regs, uintptr_t top): as plat_user_enter(). */
	.globl pv_user_enter
pv_user_enter:
	lea -REGS_SIZE(%rsi), %rdx
	mov %rdi, %rsi
	mov %rdx, %rdi
	mov $(REGS_SIZE / 8), %ecx
	rep movsq
	mov %rdx, %rsp
	movq $USER_CS, REGS_CS(%rsp)
	movq $USER_SS, REGS_SS(%rsp)
	jmp pv_user_leave
#endif

	/* A selector in the frame cannot be loaded; nobody changes selectors here. */
	.globl failsafe_entry
failsafe_entry:
	ud2

	.section .note.GNU-stack, "", @progbits
