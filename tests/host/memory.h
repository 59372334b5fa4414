/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * memcpy(), memmove(), memset() and memcmp(), or what these names stand for where this is included, against byte loops, with guards around. For
 * code with and without the C library's headers: CHECK(), CHECK_EQ() and rand() are the including test's.
 */
#ifndef TESTS_HOST_MEMORY_H
#define TESTS_HOST_MEMORY_H

#define ROOM 1024

static unsigned char from[ROOM], to[ROOM], want[ROOM];

static void fill(void)
{
	for (int i = 0; i < ROOM; i++) {
		from[i] = (unsigned char)rand();
		to[i] = want[i] = (unsigned char)rand();
	}
}

static void check(void)
{
	for (int i = 0; i < ROOM; i++)
		CHECK_EQ(to[i], want[i]);
}

static void test_copy(unsigned a, unsigned b, size_t n)
{
	fill();
	for (size_t i = 0; i < n; i++)
		want[a + i] = from[b + i];
	CHECK(memcpy(to + a, from + b, n) == to + a);
	check();
	CHECK_EQ(memcmp(to + a, from + b, n), 0);
	if (n) {
		to[a + n / 2] ^= 1;
		CHECK((memcmp(to + a, from + b, n) < 0) == (to[a + n / 2] < from[b + n / 2]));
	}
}

static void test_move(unsigned a, unsigned b, size_t n)
{
	fill();
	for (size_t i = 0; i < n; i++)
		want[a + i] = to[b + i];
	CHECK(memmove(to + a, to + b, n) == to + a);
	check();
}

static void test_set(unsigned a, size_t n)
{
	fill();
	for (size_t i = 0; i < n; i++)
		want[a + i] = 0xa5;
	CHECK(memset(to + a, 0x1a5, n) == to + a);
	check();
}

#endif
