/* SPDX-License-Identifier: BSD-3-Clause */
	.section .rodata.firmware, "a", @progbits
	.globl firmware_start
firmware_start:
	.incbin "firmware.bin"

	.section .note.GNU-stack, "", @progbits
