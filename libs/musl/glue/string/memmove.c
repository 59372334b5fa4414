/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * memcpy() and memmove(), in place of musl's, which copies backwards byte by byte. The first or the last vector is read before the others are
 * written, and written after them: it may overlap its neighbour, so there is no rest to care for.
 */
#include <string.h>

#include "vector.h"

static void copy_few(char *d, const char *s, size_t n)
{
	if (n >= 8) {
		uint64_t first = *(const loose_u64 *)s, last = *(const loose_u64 *)(s + n - 8);

		*(loose_u64 *)d = first;
		*(loose_u64 *)(d + n - 8) = last;
	} else if (n >= 4) {
		uint32_t first = *(const loose_u32 *)s, last = *(const loose_u32 *)(s + n - 4);

		*(loose_u32 *)d = first;
		*(loose_u32 *)(d + n - 4) = last;
	} else if (n >= 2) {
		uint16_t first = *(const loose_u16 *)s, last = *(const loose_u16 *)(s + n - 2);

		*(loose_u16 *)d = first;
		*(loose_u16 *)(d + n - 2) = last;
	} else if (n) {
		*d = *s;
	}
}

static inline void copy_block(char *d, const char *s)
{
	vector a = *(const loose_vector *)s, b = *(const loose_vector *)(s + 16);
	vector c = *(const loose_vector *)(s + 32), e = *(const loose_vector *)(s + 48);

	*(loose_vector *)d = a;
	*(loose_vector *)(d + 16) = b;
	*(loose_vector *)(d + 32) = c;
	*(loose_vector *)(d + 48) = e;
}

/* At least a vector. The destination is not within the source, or below it. */
static void copy_up(char *d, const char *s, size_t n)
{
	vector last = *(const loose_vector *)(s + n - VECTOR);
	char *end = d + n - VECTOR;

	for (; n > 4 * VECTOR; n -= 4 * VECTOR, d += 4 * VECTOR, s += 4 * VECTOR)
		copy_block(d, s);
	for (; n > VECTOR; n -= VECTOR, d += VECTOR, s += VECTOR)
		*(loose_vector *)d = *(const loose_vector *)s;
	*(loose_vector *)end = last;
}

/* At least a vector. The destination is above the source. */
static void copy_down(char *d, const char *s, size_t n)
{
	vector first = *(const loose_vector *)s;

	for (; n > 4 * VECTOR; n -= 4 * VECTOR)
		copy_block(d + n - 4 * VECTOR, s + n - 4 * VECTOR);
	for (; n > VECTOR; n -= VECTOR)
		*(loose_vector *)(d + n - VECTOR) = *(const loose_vector *)(s + n - VECTOR);
	*(loose_vector *)d = first;
}

void *memcpy(void *restrict dst, const void *restrict src, size_t n)
{
	if (n < VECTOR)
		copy_few(dst, src, n);
	else
		copy_up(dst, src, n);
	return dst;
}

void *memmove(void *dst, const void *src, size_t n)
{
	if (n < VECTOR)
		copy_few(dst, src, n);
	else if ((uintptr_t)dst - (uintptr_t)src >= n)
		copy_up(dst, src, n);
	else
		copy_down(dst, src, n);
	return dst;
}
