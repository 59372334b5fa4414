/* SPDX-License-Identifier: BSD-3-Clause */
/* Context switch by the System V ABI: what a callee must preserve goes on the stack, the stack pointer is the context. */

	.text
	.globl arch_context_switch
	.type arch_context_switch, @function
arch_context_switch:
	push %rbp
	push %rbx
	push %r12
	push %r13
	push %r14
	push %r15
	sub $8, %rsp
	stmxcsr (%rsp)
	fnstcw 4(%rsp)
	mov %rsp, (%rdi)
	mov %rsi, %rsp
	ldmxcsr (%rsp)
	fldcw 4(%rsp)
	add $8, %rsp
	pop %r15
	pop %r14
	pop %r13
	pop %r12
	pop %rbx
	pop %rbp
	ret
	.size arch_context_switch, . - arch_context_switch

	/* A made context returns here with the function in rbx and its argument in r12. */
	.globl context_start
	.type context_start, @function
context_start:
	xor %ebp, %ebp
	mov %r12, %rdi
	call *%rbx
	ud2
	.size context_start, . - context_start

	.globl arch_context_make
	.type arch_context_make, @function
arch_context_make:
	mov %rdi, %rax
	and $-16, %rax
	sub $16, %rax			/* so that rsp is 16-byte aligned at the call in context_start */
	sub $64, %rax
	movl $0x1f80, (%rax)		/* MXCSR after reset */
	movl $0x037f, 4(%rax)		/* x87 control word after FNINIT */
	movq $0, 8(%rax)		/* r15 */
	movq $0, 16(%rax)
	movq $0, 24(%rax)
	movq %rdx, 32(%rax)		/* r12 */
	movq %rsi, 40(%rax)		/* rbx */
	movq $0, 48(%rax)		/* rbp */
	movabs $context_start, %rcx
	movq %rcx, 56(%rax)
	ret
	.size arch_context_make, . - arch_context_make

	.globl arch_call_on_stack
	.type arch_call_on_stack, @function
arch_call_on_stack:
	push %rbp
	mov %rsp, %rbp
	mov %rdi, %rax
	mov %rsi, %rdi
	and $-16, %rdx
	mov %rdx, %rsp
	call *%rax
	mov %rbp, %rsp
	pop %rbp
	ret
	.size arch_call_on_stack, . - arch_call_on_stack

	.globl arch_jump_to_stack
	.type arch_jump_to_stack, @function
arch_jump_to_stack:
	xor %ebp, %ebp
	and $-16, %rdx
	mov %rdx, %rsp
	mov %rdi, %rax
	mov %rsi, %rdi
	call *%rax
	ud2
	.size arch_jump_to_stack, . - arch_jump_to_stack

	.section .note.GNU-stack, "", @progbits
