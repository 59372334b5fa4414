/* SPDX-License-Identifier: BSD-3-Clause */
#include <string.h>

#include "vector.h"

int memcmp(const void *left, const void *right, size_t n)
{
	const unsigned char *l = left, *r = right;

	for (; n >= VECTOR; n -= VECTOR, l += VECTOR, r += VECTOR) {
		unsigned equal = equal_bytes(*(const loose_vector *)l, *(const loose_vector *)r);

		if (equal != 0xffff) {
			unsigned i = __builtin_ctz(~equal);

			return l[i] - r[i];
		}
	}
	for (; n && *l == *r; n--, l++, r++)
		;
	return n ? *l - *r : 0;
}
