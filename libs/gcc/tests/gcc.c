/* SPDX-License-Identifier: BSD-3-Clause */
/* The routines that the compiler calls: operands are volatile so that it cannot do the arithmetic itself. */
#include <complex.h>
#include <stdint.h>
#include "lib-test.h"

typedef __int128 i128;
typedef unsigned __int128 u128;

static bool is(u128 value, uint64_t high, uint64_t low)
{
	return (uint64_t)(value >> 64) == high && (uint64_t)value == low;
}

LIB_TEST("gcc: 128-bit division", divide)
{
	volatile u128 a = (u128)0x123456789abcdef << 64 | 0xfedcba9876543210, b = (u128)0x1234567 << 33 | 5;
	volatile i128 c = -(i128)a;

	CHECK(is(a / b, 0, 0x8000003c80001b76));
	CHECK(is(a % b, 0, 0x1b50475f653a8c2));
	CHECK(is((u128)(c / (i128)b), UINT64_MAX, 0x7fffffc37fffe48a));
	CHECK(is((u128)(c % (i128)b), UINT64_MAX, 0xfe4afb8a09ac573e));
	CHECK((a / b) * b + a % b == a);
	return true;
}

LIB_TEST("gcc: 128-bit integers and floats", convert)
{
	volatile double d = 1e25;
	volatile float f = 1e20f;
	volatile long double l = -1e30L;
	volatile u128 u = (u128)d;
	volatile i128 s = (i128)l;

	CHECK((double)u == 1e25);
	CHECK((double)s == -1e30);
	CHECK((long double)s == -1e30L);
	CHECK(is((u128)f, 5, 0x6bc7600000000000));
	CHECK((float)u == 1e25f);
	return true;
}

LIB_TEST("gcc: bit counts", bits)
{
	volatile unsigned long x = 0xf0f0f0f0;

	CHECK(__builtin_popcountl(x) == 16);
	CHECK(__builtin_parityl(x) == 0);
	CHECK(__builtin_parityl(x | 1) == 1);
	return true;
}

LIB_TEST("gcc: complex numbers and powers", complex_numbers)
{
	volatile double complex a = 1 + 2 * I, b = 3 - 4 * I, c = a * b / (1 + I);
	volatile double base = 3;

	CHECK(creal(c) == 6.5 && cimag(c) == -4.5);
	CHECK(__builtin_powi(base, 5) == 243);
	return true;
}
