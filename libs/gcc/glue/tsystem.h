/* SPDX-License-Identifier: BSD-3-Clause */
/* The target's C library as libgcc2.c wants it: the freestanding headers, and the end of a program. */
#ifndef UK_GCC_TSYSTEM_H
#define UK_GCC_TSYSTEM_H

#include <float.h>
#include <stddef.h>

extern void abort(void) __attribute__((__noreturn__));

#define gcc_assert(x) ((void)sizeof(x))
#define gcc_unreachable() __builtin_unreachable()

#endif
