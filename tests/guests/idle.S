# SPDX-License-Identifier: BSD-3-Clause
# A guest that says that it is up and sleeps: for tests that act from outside. Each key on the serial port is echoed.
	.code16
	.globl	start
start:
	xor	%ax, %ax
	mov	%ax, %ds
	mov	%ax, %ss
	mov	$0x7c00, %sp
	cld
	mov	%dx, %bp
	call	serial_init
	mov	$up_text, %si
	call	puts
	sti
wait:	hlt				# the timer wakes it
	mov	$COM1 + 5, %dx
1:	in	%dx, %al
	test	$0x01, %al		# something received?
	jz	wait
	mov	$COM1, %dx
	in	%dx, %al
	call	putc
	mov	$COM1 + 5, %dx
	jmp	1b

up_text:
	.asciz	"guest: up\r\n"

	.include "lib.inc"
	.org	1024 * 1024
