# SPDX-License-Identifier: BSD-3-Clause
# A guest that changes between 80x25 characters, 80x25 pixels and a blank screen, each after a byte on its serial port.
	.equ	CRTC, 0x3d4
	.equ	GRAPHICS, 0x3ce
	.equ	ATTRIBUTES, 0x3c0
	.equ	STATUS, 0x3da

	.code16
	.globl	start
start:
	xor	%ax, %ax
	mov	%ax, %ds
	mov	%ax, %es
	mov	%ax, %ss
	mov	$0x7c00, %sp
	cld
	call	serial_init
	mov	$0x0003, %ax		# 80 x 25 characters of 9 x 16 pixels
	int	$0x10
	mov	$CRTC, %dx
	mov	$0x0e11, %ax		# registers 0 to 7 may be written
	out	%ax, %dx
	mov	$sequence, %si
next:	lodsb
	test	%al, %al
	jz	power_off
	push	%si
	cmp	$'t', %al
	jne	1f
	mov	$text_registers, %si
	call	set
	mov	$text_name, %si
	jmp	report
1:	cmp	$'g', %al
	jne	2f
	mov	$graphic_registers, %si
	call	set
	mov	$graphic_name, %si
	jmp	report
2:	call	blank
	mov	$blank_name, %si
report:	call	puts
	mov	$COM1 + 5, %dx
3:	in	%dx, %al
	test	$1, %al			# a byte?
	jz	3b
	mov	$COM1, %dx
	in	%dx, %al
	pop	%si
	jmp	next

# The registers at %si: three of the CRTC's, one of the graphics controller's.
set:	mov	$CRTC, %dx
	mov	$3, %cx
1:	lodsw
	out	%ax, %dx
	loop	1b
	mov	$GRAPHICS, %dx
	lodsw
	out	%ax, %dx
	mov	$0x20, %ah
	jmp	2f
blank:	xor	%ah, %ah
2:	mov	$STATUS, %dx		# the next byte for the attribute controller is an index
	in	%dx, %al
	mov	$ATTRIBUTES, %dx
	mov	%ah, %al
	out	%al, %dx
	ret

text_registers:				# index, value: columns, overflow, last line
	.byte	0x01, 79, 0x07, 0x1f, 0x12, 0x8f, 0x06, 0x0e
graphic_registers:
	.byte	0x01, 9, 0x07, 0x00, 0x12, 24, 0x06, 0x05
sequence:
	.asciz	"tgtgbtbgt"
text_name:
	.asciz	"guest: text\r\n"
graphic_name:
	.asciz	"guest: graphics\r\n"
blank_name:
	.asciz	"guest: blank\r\n"

	.include "lib.inc"
