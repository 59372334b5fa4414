/* SPDX-License-Identifier: BSD-3-Clause */
/* The target's configuration as libgcc2.c wants it; GCC's build would generate this from its back end. */
#ifndef UK_GCC_TCONFIG_H
#define UK_GCC_TCONFIG_H

#define IN_LIBGCC2
#define HAVE_GAS_HIDDEN 1
#define inhibit_libc

#ifdef __clang__
#include "clang.h"
#endif

#endif
