/* SPDX-License-Identifier: BSD-3-Clause */
	.section .rodata.firmware, "a", @progbits
	.globl firmware_start, firmware_end
firmware_start:
	.incbin "firmware.cpio.gz"
firmware_end:

	.section .note.GNU-stack, "", @progbits
