/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Entries of all 256 vectors. The CPU switches to a stack of the vector's own (IST), since the running stack may be demand-zero memory.
 * When the C code wants to go on like a function called by the interrupted code, the frame is copied to that stack first, or to another one of the program's.
 */
#include <arch/regs.inc>
#include <plat/native.h>

	.text

	/* One 16-byte stub a vector, so that the table of gates needs no list. */
	.balign 16
	.globl trap_stubs
trap_stubs:
vector = 0
	.rept 256
	.balign 16
	.if (vector != 8) && ((vector < 10) || (vector > 14)) && (vector != 17) && (vector != 21) && (vector != 29) && (vector != 30)
	push $0
	.endif
	push $vector
	.if vector < 32
	jmp exception_entry
	.else
	jmp interrupt_entry
	.endif
vector = vector + 1
	.endr

	/* Move the frame to the stack that ends at %rdi, and call \function(frame) there. */
	.macro continue_on_stack function
	sub $REGS_SIZE, %rdi
	and $-16, %rdi
	mov %rdi, %rbx
	mov %rsp, %rsi
	mov $(REGS_SIZE / 8), %ecx
	rep movsq
	mov %rbx, %rsp
	mov %rsp, %rdi
	call \function
	mov %rbx, %rsp
	.endm

interrupt_entry:
	save_registers
	mov %rsp, %rdi
	call native_interrupt
	test %rax, %rax
	jz return_from_trap
	mov %rax, %rdi
	continue_on_stack native_interrupt_on_stack
	jmp return_from_stack

	/* Here the frame is on the interrupted stack from the start, and aligned. */
	.balign 16
	.globl upcall_entry
upcall_entry:
	push $0
	push $NATIVE_VECTOR_UPCALL
	save_registers
	mov %rsp, %rdi
	call native_interrupt
	test %rax, %rax
	jz return_from_trap
	mov %rsp, %rdi
	call native_interrupt_on_stack
	jmp return_from_stack

exception_entry:
	save_registers
	mov %rsp, %rdi
	call native_exception
	test %rax, %rax
	jz return_from_trap
	mov %rax, %rdi
	continue_on_stack native_exception_on_stack

	/* From work on the thread's own stack, interrupts off. */
return_from_stack:
#ifdef CONFIG_CORE_USER
	testb $3, REGS_CS(%rsp)
	jnz native_user_leave
#endif
return_from_trap:
	restore_registers
	iretq

	.section .note.GNU-stack, "", @progbits
