# SPDX-License-Identifier: BSD-3-Clause
# A guest that writes to its disk and resets: sector 8 counts its boots, sectors 9 to 16 get a pattern of that number. After the third boot it
# powers off.
	.code16
	.globl	start

	.equ	COUNT_SECTOR, 8
	.equ	PATTERN_SECTOR, 9
	.equ	PATTERN_SECTORS, 8
	.equ	BOOTS, 3

start:
	xor	%ax, %ax
	mov	%ax, %ds
	mov	%ax, %es
	mov	%ax, %ss
	mov	$0x7c00, %sp
	cld
	mov	%dx, %bp
	call	serial_init

	mov	$COUNT_SECTOR, %ax
	mov	$1, %cx
	call	disk_read
	incw	BUFFER
	mov	$COUNT_SECTOR, %ax
	mov	$1, %cx
	call	disk_write

	mov	$boot_text, %si
	call	puts
	mov	BUFFER, %ax
	push	%ax
	call	putn
	mov	$end_text, %si
	call	puts
	pop	%ax
	push	%ax
	add	$'0', %al
	mov	$BUFFER, %di
	mov	$PATTERN_SECTORS * 512, %cx
	rep stosb
	mov	$PATTERN_SECTOR, %ax
	mov	$PATTERN_SECTORS, %cx
	call	disk_write
	pop	%ax
	cmp	$BOOTS, %ax
	jb	reset
	jmp	power_off

boot_text:
	.asciz	"guest: boot "
end_text:
	.asciz	", written\r\n"

	.include "lib.inc"
	.org	1024 * 1024
