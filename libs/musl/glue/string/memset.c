/* SPDX-License-Identifier: BSD-3-Clause */
#include <string.h>

#include "vector.h"

void *memset(void *dst, int c, size_t n)
{
	vector v = vector_of((unsigned char)c);
	char *d = dst;

	if (n < VECTOR) {
		for (; n; n--)
			*d++ = (char)c;
		return dst;
	}
	char *end = d + n - VECTOR;

	for (; n > 4 * VECTOR; n -= 4 * VECTOR, d += 4 * VECTOR) {
		*(loose_vector *)d = v;
		*(loose_vector *)(d + 16) = v;
		*(loose_vector *)(d + 32) = v;
		*(loose_vector *)(d + 48) = v;
	}
	for (; n > VECTOR; n -= VECTOR, d += VECTOR)
		*(loose_vector *)d = v;
	*(loose_vector *)end = v;
	return dst;
}
