/* SPDX-License-Identifier: BSD-3-Clause */
#include <string.h>

#include "vector.h"

WHOLE_VECTORS size_t strlen(const char *s)
{
	unsigned before = (uintptr_t)s % VECTOR;
	const vector *at = (const vector *)(s - before), zero = { 0 };
	unsigned found = equal_bytes(*at, zero) >> before << before;

	while (!found)
		found = equal_bytes(*++at, zero);
	return (const char *)at + __builtin_ctz(found) - s;
}
