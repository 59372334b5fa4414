/* SPDX-License-Identifier: BSD-3-Clause */
/* What upstream's meson would find for x86-64, GCC and musl. The fast paths come from the Makefile.uk. */
#ifndef UK_PIXMAN_CONFIG_H
#define UK_PIXMAN_CONFIG_H

#define HAVE_BUILTIN_CLZ 1
#define HAVE_PTHREADS 1
#define PACKAGE "pixman"
#define SIZEOF_LONG 8
#define TLS __thread
#define TOOLCHAIN_SUPPORTS_ATTRIBUTE_CONSTRUCTOR 1
#define TOOLCHAIN_SUPPORTS_ATTRIBUTE_DESTRUCTOR 1
#define USE_GCC_INLINE_ASM 1

#endif
