/* SPDX-License-Identifier: BSD-3-Clause */
/* The syscall instruction's entry, and all ways back to user mode. */
#include <arch/regs.inc>
#include <plat/native.h>

	.text

	/* Interrupts off, still on the program's stack: rcx is its instruction pointer, r11 its flags. */
	.balign 16
	.globl native_syscall_entry
native_syscall_entry:
	mov %rsp, program_stack
	mov native_kernel_stack, %rsp
	push $NATIVE_USER_SS
	push program_stack
	push %r11
	push $NATIVE_USER_CS
	push %rcx
	push $0
	push $NATIVE_VECTOR_SYSCALL
	save_registers
	mov %rsp, %rdi
	call native_syscall
	cmpl $NATIVE_VECTOR_SYSCALL, REGS_VECTOR(%rsp)
	jne 1f
	restore_registers
	mov (%rsp), %rcx
	mov 16(%rsp), %r11
	mov 24(%rsp), %rsp
	sysretq
1:	restore_registers
	iretq

	/* The stack pointer is a struct regs at the end of the thread's kernel stack. */
	.globl native_user_leave
native_user_leave:
	mov %rsp, %rdi
	call native_user_return
	restore_registers
	iretq

	/* void native_user_enter(const struct regs *regs, uintptr_t top): as plat_user_enter(). */
	.globl native_user_enter
native_user_enter:
	lea -REGS_SIZE(%rsi), %rdx
	mov %rdi, %rsi
	mov %rdx, %rdi
	mov $(REGS_SIZE / 8), %ecx
	rep movsq
	mov %rdx, %rsp
	movq $0, REGS_VECTOR(%rsp)
	movq $NATIVE_USER_CS, REGS_CS(%rsp)
	movq $NATIVE_USER_SS, REGS_SS(%rsp)
	jmp native_user_leave

	.section .bss.user, "aw", @nobits
	.balign 8
	.globl native_kernel_stack
native_kernel_stack:	.skip 8
program_stack:		.skip 8

	.section .note.GNU-stack, "", @progbits
