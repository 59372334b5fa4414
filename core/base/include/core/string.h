/* SPDX-License-Identifier: BSD-3-Clause */
/* The kernel's own string functions, as in ISO C and POSIX; they never meet those of the C library (see exportsyms.uk). */
#ifndef CORE_STRING_H
#define CORE_STRING_H

#include <core/base.h>
#include <stdarg.h>

/* Arguments and results as in ISO C and POSIX.1-2017 (<string.h>): see string(3). Any context. */
void *memcpy(void *restrict dst, const void *restrict src, size_t n);
void *memmove(void *dst, const void *src, size_t n);
void *memset(void *dst, int c, size_t n);
int memcmp(const void *a, const void *b, size_t n);
void *memchr(const void *s, int c, size_t n);
size_t strlen(const char *s);
size_t strnlen(const char *s, size_t max);
int strcmp(const char *a, const char *b);
int strncmp(const char *a, const char *b, size_t n);
char *strchr(const char *s, int c);
char *strrchr(const char *s, int c);
char *strstr(const char *hay, const char *needle);

/* Copy at most @size - 1 bytes and terminate. Returns strlen(@src): a result >= @size means truncation. */
size_t strlcpy(char *dst, const char *src, size_t size);

/* printf subset: %d %i %u %x %X %o %p %s %c %%, flags '-' '0' '#' '+' ' ', width, precision, '*', h hh l ll z. Both return as snprintf(3). */
int vsnprintf(char *buf, size_t size, const char *fmt, va_list ap);
int snprintf(char *buf, size_t size, const char *fmt, ...) __printf(3, 4);

/* Parse an unsigned number in @base (0: by prefix). @end receives the first unread character. Saturates at UINT64_MAX. */
uint64_t strtou64(const char *s, const char **end, int base);

#endif
