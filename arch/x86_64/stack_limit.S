/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What code compiled with -fsplit-stack calls when its frame would go below the limit: the bytes it wants are in r10. It would expect
 * a longer stack; here that is a fault, on what is left below the limit.
 */
	.text
	.globl __morestack, __morestack_allocate_stack_space, arch_stack_overflow
	.type __morestack, @function
	.type __morestack_allocate_stack_space, @function
	.type arch_stack_overflow, @function
__morestack_allocate_stack_space: /* alloca() and arrays of variable size: the bytes are in rdi */
	mov %rdi, %r10
__morestack:
arch_stack_overflow:
	ud2
	.size __morestack, . - __morestack

	.section .note.GNU-stack, "", @progbits
