# SPDX-License-Identifier: BSD-3-Clause
# A guest that says that it is up and sleeps: for tests that act from outside. Each key on the serial port is echoed.
	.equ	IRQ4_VECTOR, 4 * 0x0c
	.equ	PIC, 0x20
	.equ	PIC_MASK, 0x21
	.equ	PIC_END, 0x20

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
	mov	$handler, %ax		# the serial port wakes it too: without that a byte would wait for the timer's next tick
	mov	%ax, IRQ4_VECTOR
	mov	%cs, IRQ4_VECTOR + 2
	in	$PIC_MASK, %al
	and	$~(1 << 4), %al
	out	%al, $PIC_MASK
	mov	$COM1 + 1, %dx
	mov	$0x01, %al		# interrupt when something is received
	out	%al, %dx
	mov	$up_text, %si
	call	puts
wait:	cli
	mov	$COM1 + 5, %dx
	in	%dx, %al
	test	$0x01, %al		# something received?
	jnz	1f
	sti
	hlt
	jmp	wait
1:	mov	$COM1, %dx
	in	%dx, %al
	call	putc
	jmp	wait

handler:
	push	%ax
	mov	$PIC_END, %al
	out	%al, $PIC
	pop	%ax
	iret

up_text:
	.asciz	"guest: up\r\n"

	.include "lib.inc"
	.org	1024 * 1024
