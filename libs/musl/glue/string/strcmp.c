/* SPDX-License-Identifier: BSD-3-Clause */
#include <string.h>

#include "vector.h"

/* May sixteen bytes be read there, whatever the object's size? */
static int in_page(const unsigned char *p)
{
	return (uintptr_t)p % PAGE <= PAGE - VECTOR;
}

WHOLE_VECTORS int strcmp(const char *left, const char *right)
{
	const unsigned char *l = (const unsigned char *)left, *r = (const unsigned char *)right;

	for (;;) {
		unsigned i = 0;

		if (in_page(l) && in_page(r)) {
			vector a = *(const loose_vector *)l, b = *(const loose_vector *)r;
			unsigned go_on = equal_bytes(a, b) & ~equal_bytes(a, (vector){ 0 });

			i = go_on == 0xffff ? VECTOR : __builtin_ctz(~go_on);
		} else {
			while (i < VECTOR && l[i] == r[i] && l[i])
				i++;
		}
		if (i < VECTOR)
			return l[i] - r[i];
		l += VECTOR;
		r += VECTOR;
	}
}
