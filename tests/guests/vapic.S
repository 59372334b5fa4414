# SPDX-License-Identifier: BSD-3-Clause
# A guest that wants the ROM of the TPR accelerator (QEMU's kvmvapic, port 0x7e) mapped over low memory: it takes the option ROM's size away, so
# that the device starts anew, and offers this boot sector as the ROM. Then the same without a size, again and again.
	.code16
	.globl	start
.equ VAPIC_PORT, 0x7e
.equ ROMS, 0xc000			# segments
.equ ROMS_END, 0xe000
.equ ROM_STEP, 0x80

start:
	jmp	1f
size:	.byte	0x90			# of a ROM, in 512 bytes
1:	xor	%ax, %ax
	mov	%ax, %ds
	mov	%ax, %ss
	mov	$0x7c00, %sp
	cld
	mov	%dx, %bp
	mov	$ROMS, %ax
2:	mov	%ax, %es		# those that the chipset protects stay as they are
	movb	$0, %es:2
	add	$ROM_STEP, %ax
	cmp	$ROMS_END, %ax
	jb	2b
	call	offer			# the ROM without a size: refused, the device is as new
	call	offer			# this sector
	call	serial_init
	mov	$offered_text, %si
	call	puts
	movb	$0, size
	mov	$8, %cx
3:	call	offer
	loop	3b
	mov	$done_text, %si
	call	puts
	sti
	jmp	stop

# The state structure is at offset 0.
offer:	xor	%ax, %ax
	mov	$VAPIC_PORT, %dx
	out	%ax, %dx
	ret

offered_text:
	.asciz	"guest: offered\r\n"
done_text:
	.asciz	"guest: done\r\n"

	.include "lib.inc"
