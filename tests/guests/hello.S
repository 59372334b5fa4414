# SPDX-License-Identifier: BSD-3-Clause
# A guest that prints text from its disk: the lines are in the sectors after the boot sector.
	.code16
	.globl	start
start:
	xor	%ax, %ax
	mov	%ax, %ds
	mov	%ax, %es
	mov	%ax, %ss
	mov	$0x7c00, %sp
	cld
	mov	%dx, %bp
	call	serial_init
	mov	$1, %ax
	mov	$2, %cx
	call	disk_read
	mov	$BUFFER, %si
	call	puts
	mov	$BUFFER + 512 - 13, %si
	call	puts
	jmp	power_off

	.include "lib.inc"

	.ascii	"guest: this line is on my disk, sector 1\r\n"
	.asciz	"guest: read through the emulated IDE controller\r\n"
	.org	1024 - 13
	.ascii	"guest: sector"		# across the border of two sectors
	.asciz	" 2 too; power off\r\n"
	.org	1024 * 1024
