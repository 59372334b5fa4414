/* SPDX-License-Identifier: BSD-3-Clause */
/* Sixteen bytes at a time: what every x86-64 processor has (SSE2). */
#ifndef MUSL_STRING_VECTOR_H
#define MUSL_STRING_VECTOR_H

#include <stddef.h>
#include <stdint.h>

#define VECTOR 16
#define PAGE 4096

typedef char vector __attribute__((__vector_size__(VECTOR), __may_alias__));
typedef char loose_vector __attribute__((__vector_size__(VECTOR), __may_alias__, __aligned__(1)));
typedef uint64_t loose_u64 __attribute__((__may_alias__, __aligned__(1)));
typedef uint32_t loose_u32 __attribute__((__may_alias__, __aligned__(1)));
typedef uint16_t loose_u16 __attribute__((__may_alias__, __aligned__(1)));

/*
 * For functions that look at whole vectors in which the object begins or ends: such a vector lies in one page, so it can be read, and what is
 * not the object's does not count.
 */
#define WHOLE_VECTORS __attribute__((__no_sanitize__("address")))

static inline vector vector_of(unsigned char c)
{
	return (vector)((vector){ 0 } + (char)c);
}

/* A bit for each byte in which @a and @b are equal, the lowest for the first. */
static inline unsigned equal_bytes(vector a, vector b)
{
	return (unsigned)__builtin_ia32_pmovmskb128((vector)(a == b));
}

#endif
