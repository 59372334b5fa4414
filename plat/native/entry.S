/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * PVH entry (Xen's docs/misc/pvh.pandoc): 32-bit protected mode, paging off, %ebx points to the start information. Build the first page
 * tables (1 GiB, at address 0 and in the direct map), enter long mode, call pvh_start().
 */
#include <plat/layout.h>

	.section .note.boot, "a", @note
	.align 4
	.long 4			/* name size */
	.long 4			/* descriptor size */
	.long 18		/* XEN_ELFNOTE_PHYS32_ENTRY */
	.asciz "Xen"
	.long pvh_entry

	.section .text.boot, "ax", @progbits
	.code32
	.globl pvh_entry
	.type pvh_entry, @function
pvh_entry:
	cld
	mov $boot_stack_top, %esp
	mov %ebx, %ebp

	/* Second level: 512 large pages. */
	mov $boot_pd, %edi
	mov $0x83, %eax			/* present, writable, 2 MiB */
	mov $512, %ecx
1:	mov %eax, (%edi)
	movl $0, 4(%edi)
	add $0x200000, %eax
	add $8, %edi
	loop 1b
	movl $boot_pd + 3, boot_pdpt
	movl $boot_pdpt + 3, boot_pml4
	movl $boot_pdpt + 3, boot_pml4 + DIRECT_PML4_INDEX * 8

	mov $0x20, %eax			/* CR4.PAE */
	mov %eax, %cr4
	mov $boot_pml4, %eax
	mov %eax, %cr3
	mov $0xc0000080, %ecx		/* EFER: LME, NXE */
	rdmsr
	or $0x900, %eax
	wrmsr
	mov $0x80010021, %eax		/* CR0: PG, WP, NE, PE */
	mov %eax, %cr0
	lgdt boot_gdtr
	ljmp $0x08, $2f

	.code64
2:	mov $0x10, %eax
	mov %eax, %ds
	mov %eax, %es
	mov %eax, %ss
	xor %eax, %eax
	mov %eax, %fs
	mov %eax, %gs
	mov $boot_stack_top, %rsp
	mov %ebp, %edi
	xor %ebp, %ebp
	call pvh_start
	ud2
	.size pvh_entry, . - pvh_entry

	.section .rodata.boot, "a", @progbits
	.align 8
boot_gdt:
	.quad 0
	.quad 0x00af9b000000ffff	/* 64-bit code */
	.quad 0x00cf93000000ffff	/* data */
boot_gdtr:
	.word boot_gdtr - boot_gdt - 1
	.long boot_gdt

	.section .bss.boot, "aw", @nobits
	.align 4096
boot_pml4:	.skip 4096
boot_pdpt:	.skip 4096
boot_pd:	.skip 4096
	/* As GUARDED_STACK() of core/guarded_stack.h does. */
boot_guard:	.skip 4096
boot_stack:	.skip 16384
boot_stack_top:

	.section .guarded_stacks, "a", @progbits
	.balign 8
	.quad boot_stack_name, boot_guard, boot_stack_top - boot_stack

	.section .rodata.boot_stack, "a", @progbits
boot_stack_name:
	.asciz "boot"

	.section .note.GNU-stack, "", @progbits
