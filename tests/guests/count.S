# SPDX-License-Identifier: BSD-3-Clause
# A guest that counts the keys on its serial port in its memory and on its disk, in sector 8, and shows both numbers at each. "q" is its end.
	.code16
	.globl	start

	.equ	COUNT_SECTOR, 8

start:
	xor	%ax, %ax
	mov	%ax, %ds
	mov	%ax, %es
	mov	%ax, %ss
	mov	$0x7c00, %sp
	cld
	mov	%dx, %bp
	call	serial_init
	sti
	mov	$up_text, %si
	call	puts
wait:	hlt				# the timer wakes it
	mov	$COM1 + 5, %dx
	in	%dx, %al
	test	$0x01, %al		# something received?
	jz	wait
	mov	$COM1, %dx
	in	%dx, %al
	cmp	$'q', %al
	je	power_off

	incw	memory_count
	mov	$COUNT_SECTOR, %ax
	mov	$1, %cx
	call	disk_read
	incw	BUFFER
	mov	$COUNT_SECTOR, %ax
	mov	$1, %cx
	call	disk_write
	mov	$memory_text, %si
	call	puts
	mov	memory_count, %ax
	call	putn
	mov	$disk_text, %si
	call	puts
	mov	BUFFER, %ax
	call	putn
	mov	$end_text, %si
	call	puts
	jmp	wait

memory_count:
	.word	0
up_text:
	.asciz	"guest: up\r\n"
memory_text:
	.asciz	"guest: memory "
disk_text:
	.asciz	", disk "
end_text:
	.asciz	"\r\n"

	.include "lib.inc"
	.org	1024 * 1024
