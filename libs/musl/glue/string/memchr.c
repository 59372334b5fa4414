/* SPDX-License-Identifier: BSD-3-Clause */
#include <string.h>

#include "vector.h"

WHOLE_VECTORS void *memchr(const void *src, int c, size_t n)
{
	const char *s = src;
	unsigned before = (uintptr_t)s % VECTOR;
	const vector *at = (const vector *)(s - before), wanted = vector_of((unsigned char)c);
	unsigned found;

	if (!n)
		return NULL;
	found = equal_bytes(*at, wanted) >> before << before;
	while (!found) {
		/* What is left behind this vector; @n may be more than there is memory. */
		size_t seen = (const char *)(at + 1) - s;

		if (seen >= n)
			return NULL;
		found = equal_bytes(*++at, wanted);
	}
	const char *p = (const char *)at + __builtin_ctz(found);

	return (size_t)(p - s) < n ? (void *)p : NULL;
}
