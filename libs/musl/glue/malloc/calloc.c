/* SPDX-License-Identifier: BSD-3-Clause */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "dynlink.h"

/* To clear so much takes less than to find out whether the memory is clear as it is. */
#define SMALL 256

/* The allocator's: is it memory that nobody has had? */
__attribute__((__visibility__("hidden"))) int __malloc_allzerop(void *p);

void *calloc(size_t count, size_t size)
{
	size_t n;

	if (__builtin_mul_overflow(count, size, &n)) {
		errno = ENOMEM;
		return NULL;
	}
	void *p = malloc(n);

	if (!p || (n > SMALL && !__malloc_replaced && __malloc_allzerop(p)))
		return p;
	return memset(p, 0, n);
}
