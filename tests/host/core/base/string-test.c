/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The kernel's memory functions against byte loops, at all small lengths and alignments, with guards around.
 * sources: tests/host/stubs/alloc.c tests/host/stubs/sched.c
 */
#define memcpy k_memcpy
#define memmove k_memmove
#define memset k_memset
#define memcmp k_memcmp
#define memchr k_memchr
#define strlen k_strlen
#define strnlen k_strnlen
#define strcmp k_strcmp
#define strncmp k_strncmp
#define strchr k_strchr
#define strrchr k_strrchr
#define strstr k_strstr
#include "../../../../core/base/string.c"

#include "../../host.h"

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

int main(void)
{
	srand(4);
	for (size_t n = 0; n < 300; n++) {
		for (unsigned a = 0; a < 9; a++) {
			test_copy(a, rand() % 9, n);
			test_set(a, n);
			test_move(a, rand() % 40, n);
			test_move(rand() % 40, a, n);
		}
	}
	return 0;
}
