/* SPDX-License-Identifier: BSD-3-Clause */
/* The pages that Xen fills, PV or PVH: the code that enters it, and what it shares with this domain. */

	.section .text.boot, "ax", @progbits
	.balign 4096
	.globl hypercall_page
hypercall_page:
	.skip 4096, 0x90

	/* long xen_hypercall(nr, a1, a2, a3, a4, a5): in registers as Xen wants them, through the page that Xen filled. */
	.text
#ifdef CONFIG_XEN_AUDIT
#define xen_hypercall xen_hypercall_raw
#endif
	.globl xen_hypercall
	.type xen_hypercall, @function
xen_hypercall:
	mov %edi, %eax
	mov %rsi, %rdi
	mov %rdx, %rsi
	mov %rcx, %rdx
	mov %r8, %r10
	mov %r9, %r8
	shl $5, %eax
	add $hypercall_page, %rax
	jmp *%rax
	.size xen_hypercall, . - xen_hypercall

	.section .bss.boot, "aw", @nobits
	.balign 4096
	.globl shared_info
shared_info:	.skip 4096

	.section .note.GNU-stack, "", @progbits
