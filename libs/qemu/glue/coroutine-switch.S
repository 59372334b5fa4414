/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * int uk_coroutine_switch(void **save_sp, void *load_sp, int action): save what a callee preserves, change stacks, and return @action
 * over there. The floating-point control words stay as they are: QEMU's code does not change them across a switch.
 */
	.equ STACK_LIMIT, 0x70 /* of code compiled with -fsplit-stack; libs/musl keeps the place free */

	.text
	.globl uk_coroutine_switch
	.type uk_coroutine_switch, @function
uk_coroutine_switch:
	push %rbp
	push %rbx
	push %r12
	push %r13
	push %r14
	push %r15
	push %fs:STACK_LIMIT
	mov %rsp, (%rdi)
	mov %rsi, %rsp
	mov %edx, %eax
	pop %fs:STACK_LIMIT
	pop %r15
	pop %r14
	pop %r13
	pop %r12
	pop %rbx
	pop %rbp
	ret
	.size uk_coroutine_switch, . - uk_coroutine_switch

	/* A new coroutine's first instructions: its record is in rbx. */
	.globl uk_coroutine_start
	.type uk_coroutine_start, @function
uk_coroutine_start:
	mov %rbx, %rdi
	call uk_coroutine_main
	ud2
	.size uk_coroutine_start, . - uk_coroutine_start

	.section .note.GNU-stack, "", @progbits
