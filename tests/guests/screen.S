# SPDX-License-Identifier: BSD-3-Clause
# A guest with a known picture (see tests/common/vnc_picture.py) that tells the scan code of each key pressed on its keyboard.
	.equ	WIDTH, 320
	.equ	HEIGHT, 200
	.equ	COLOURS, 64
	.equ	PALETTE, 0x3c8

	.code16
	.globl	start
start:
	xor	%ax, %ax
	mov	%ax, %ds
	mov	%ax, %ss
	mov	$0x7c00, %sp
	cld
	call	serial_init
	sti
	mov	$0x0013, %ax		# 320 x 200, 256 colours
	int	$0x10

	# Colour i is red i, green 63 - i, blue 5 * i modulo 64.
	mov	$PALETTE, %dx
	xor	%ax, %ax
	out	%al, %dx
	inc	%dx
	xor	%cx, %cx
1:	mov	%cl, %al
	out	%al, %dx
	mov	$COLOURS - 1, %al
	sub	%cl, %al
	out	%al, %dx
	imul	$5, %cx, %ax
	and	$COLOURS - 1, %al
	out	%al, %dx
	inc	%cx
	cmp	$COLOURS, %cx
	jb	1b

	# The pixel at (x, y) is (x ^ 3 * y) modulo 64. A line at a time: each access to the screen's memory leaves the guest.
	mov	$0xa000, %ax
	mov	%ax, %es
	xor	%di, %di
	xor	%dx, %dx		# 3 * y
2:	xor	%bx, %bx		# x
3:	mov	%bx, %ax
	xor	%dx, %ax
	and	$COLOURS - 1, %al
	mov	%al, BUFFER(%bx)
	inc	%bx
	cmp	$WIDTH, %bx
	jb	3b
	mov	$BUFFER, %si
	mov	$WIDTH / 2, %cx
	rep movsw
	add	$3, %dx
	cmp	$3 * HEIGHT, %dx
	jb	2b
	mov	$drawn_text, %si
	call	puts

wait:	mov	$0x01, %ah		# a key?
	int	$0x16
	jnz	4f
	hlt				# the timer wakes it, and the keyboard
	jmp	wait
4:	xor	%ah, %ah
	int	$0x16
	push	%ax
	mov	$key_text, %si
	call	puts
	pop	%ax
	mov	%ah, %al
	xor	%ah, %ah
	call	putn
	mov	$end_text, %si
	call	puts
	jmp	wait

drawn_text:
	.asciz	"guest: drawn\r\n"
key_text:
	.asciz	"guest: key "
end_text:
	.asciz	"\r\n"

	.include "lib.inc"
	.org	1024 * 1024
