# SPDX-License-Identifier: BSD-3-Clause
# The device tests' boot sector: loads the rest, sets VGA mode 13h, enters protected mode. Sector 1 holds the parameters, a line of text.
	.code16
	.globl	start, parameters, irq_entries

	.equ	CHUNK, 64			# sectors a read
	.equ	CODE, 0x08
	.equ	DATA, 0x10
	.equ	STACK, 0x80000

	.text
start:
	cli
	xor	%ax, %ax
	mov	%ax, %ds
	mov	%ax, %es
	mov	%ax, %ss
	mov	$0x7c00, %sp
	cld
	call	read
	addw	$CHUNK * 512 / 16, packet + 6
	addw	$CHUNK, packet + 8
	call	read
	mov	$0x0013, %ax			# 320x200, 256 colours
	int	$0x10
	cli
	in	$0x92, %al			# A20
	or	$2, %al
	and	$0xfe, %al
	out	%al, $0x92
	lgdtl	gdt_pointer
	mov	%cr0, %eax
	or	$1, %al
	mov	%eax, %cr0
	ljmp	$CODE, $protected

read:
	mov	$packet, %si
	mov	$0x42, %ah
	int	$0x13
	jc	error
	ret

error:
	mov	$0x0e, %ah			# on the screen, there is nothing else yet
	mov	$'!', %al
	int	$0x10
1:	hlt
	jmp	1b

	.balign	4
packet:
	.byte	16, 0
	.word	CHUNK
	.word	0, 0x7e00 / 16
	.quad	1

	.balign	8
gdt:	.quad	0
	.quad	0x00cf9a000000ffff
	.quad	0x00cf92000000ffff
gdt_pointer:
	.word	. - gdt - 1
	.long	gdt

	.code32
protected:
	mov	$DATA, %ax
	mov	%ax, %ds
	mov	%ax, %es
	mov	%ax, %fs
	mov	%ax, %gs
	mov	%ax, %ss
	mov	$STACK, %esp
	mov	$__bss_start, %edi
	mov	$_end, %ecx
	sub	%edi, %ecx
	xor	%eax, %eax
	rep stosb
	call	main
1:	sti				# Xen takes hlt without it for a power-off
	hlt
	jmp	1b

	.org	510
	.word	0xaa55
parameters:
	.org	1024

# An entry for each of the 16 interrupt lines.
	.altmacro
	.macro	entry n
irq_entry_\n:
	pusha
	push	$\n
	call	irq_handle
	add	$4, %esp
	popa
	iret
	.endm
	.macro	address n
	.long	irq_entry_\n
	.endm
	.set	i, 0
	.rept	16
	entry	%i
	.set	i, i + 1
	.endr
	.balign	4
irq_entries:
	.set	i, 0
	.rept	16
	address	%i
	.set	i, i + 1
	.endr
