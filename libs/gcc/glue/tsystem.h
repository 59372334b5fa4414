/* SPDX-License-Identifier: BSD-3-Clause */
/* The target's C library as libgcc2.c wants it: nothing but the freestanding headers. */
#ifndef UK_GCC_TSYSTEM_H
#define UK_GCC_TSYSTEM_H

#include <float.h>
#include <stddef.h>

#define gcc_assert(x) ((void)sizeof(x))
#define gcc_unreachable() __builtin_unreachable()

#endif
