/* SPDX-License-Identifier: BSD-3-Clause */
/* x86-64 as libgcc2.c wants it described. */
#ifndef UK_GCC_TM_H
#define UK_GCC_TM_H

#define BITS_PER_UNIT 8
#define MIN_UNITS_PER_WORD 8
#define UNITS_PER_WORD 8

/* Conversions from 128-bit integers use two halves, not the 113-bit float, which is software. */
#define WIDEST_HARDWARE_FP_SIZE 64

#endif
