/* SPDX-License-Identifier: BSD-3-Clause */
/* What upstream's configure would find for musl. Widths, Unicode and JIT come from the Makefile.uk. */
#ifndef UK_PCRE2_CONFIG_H
#define UK_PCRE2_CONFIG_H

#define HAVE_ASSERT_H 1
#define HAVE_ATTRIBUTE_UNINITIALIZED 1
#define HAVE_BUILTIN_MUL_OVERFLOW 1
#define HAVE_BUILTIN_UNREACHABLE 1
#define HAVE_DIRENT_H 1
#define HAVE_DLFCN_H 1
#define HAVE_INTTYPES_H 1
#define HAVE_LIMITS_H 1
#define HAVE_MEMFD_CREATE 1
#define HAVE_MEMMOVE 1
#define HAVE_MKOSTEMP 1
#define HAVE_PTHREAD 1
#define HAVE_REALPATH 1
#define HAVE_SECURE_GETENV 1
#define HAVE_STDINT_H 1
#define HAVE_STDIO_H 1
#define HAVE_STDLIB_H 1
#define HAVE_STRERROR 1
#define HAVE_STRINGS_H 1
#define HAVE_STRING_H 1
#define HAVE_SYS_STAT_H 1
#define HAVE_SYS_TYPES_H 1
#define HAVE_UNISTD_H 1
#define HAVE_WCHAR_H 1
#define PCRE2_EXPORT
#define PCRE2_STATIC 1

/* Upstream's defaults. */
#define HEAP_LIMIT 20000000
#define LINK_SIZE 2
#define MATCH_LIMIT 10000000
#define MATCH_LIMIT_DEPTH MATCH_LIMIT
#define MAX_NAME_COUNT 10000
#define MAX_NAME_SIZE 128
#define MAX_VARLOOKBEHIND 255
#define NEWLINE_DEFAULT 2
#define PARENS_NEST_LIMIT 250

#endif
