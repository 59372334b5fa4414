/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * PV entry: 64-bit, on page tables of the domain builder's that map the image where it is linked; %rsi points to the start information. The
 * notes (public/elfnote.h) tell the builder so.
 */
#include "../abi.h"

	.macro note type
	.align 4
	.long 4
	.long 2f - 1f
	.long \type
	.asciz "Xen"
1:
	.endm
	.macro note_string type, text
	note \type
	.asciz "\text"
2:	.align 4
	.endm
	.macro note_quad type, value
	note \type
	.quad \value
2:	.align 4
	.endm

	.section .note.boot, "a", @note
	note_string 6, "Unidom"				/* guest OS */
	note_string 5, "xen-3.0"			/* Xen version */
	note_string 8, "generic"			/* loader */
	note_string 9, "yes"				/* PAE */
	note_string 10, "!writable_page_tables|pae_pgdir_above_4gb"	/* features */
	note_quad 3, 0					/* virtual address of pseudo-physical 0 */
	note_quad 4, 0					/* paddr offset */
	note_quad 1, xen_pv_entry
	note_quad 2, hypercall_page
	note_quad 14, 1					/* a suspension may be cancelled */

	.section .text.boot, "ax", @progbits
	.globl xen_pv_entry
	.type xen_pv_entry, @function
xen_pv_entry:
	cld
	mov $pv_boot_stack_top, %rsp
	mov %rsi, %rdi
	xor %ebp, %ebp
	call pv_start
	ud2
	.size xen_pv_entry, . - xen_pv_entry

	.section .bss.boot, "aw", @nobits
	.align 4096
	/* As GUARDED_STACK() of core/guarded_stack.h does. */
pv_boot_guard:
	.skip 4096
pv_boot_stack:
	.skip 16384
pv_boot_stack_top:

	.section .guarded_stacks, "a", @progbits
	.balign 8
	.quad pv_boot_stack_name, pv_boot_guard, pv_boot_stack_top - pv_boot_stack

	.section .rodata.pv_boot_stack, "a", @progbits
pv_boot_stack_name:
	.asciz "boot"

	.section .note.GNU-stack, "", @progbits
