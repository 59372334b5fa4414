/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The vector versions of the C library's string functions against byte loops: all small lengths and places, and ends of readable memory.
 * hosted: this side of the C library's headers.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define CHECK(x) ((x) ? (void)0 : fail(#x, __LINE__))
#define CHECK_EQ(a, b) CHECK((a) == (b))

static void fail(const char *what, int line)
{
	fprintf(stderr, "line %d: %s\n", line, what);
	exit(1);
}

#define memcpy v_memcpy
#define memmove v_memmove
#define memset v_memset
#define memcmp v_memcmp
#define memchr v_memchr
#define strlen v_strlen
#define strcmp v_strcmp
#include "../../../../libs/musl/glue/string/memchr.c"
#include "../../../../libs/musl/glue/string/memcmp.c"
#include "../../../../libs/musl/glue/string/memmove.c"
#include "../../../../libs/musl/glue/string/memset.c"
#include "../../../../libs/musl/glue/string/strcmp.c"
#include "../../../../libs/musl/glue/string/strlen.c"

#include "../../memory.h"

#define LONGEST 300

static void test_copies(void)
{
	for (size_t n = 0; n < LONGEST; n += n < 70 ? 1 : 13) {
		for (unsigned a = 0; a < 34; a += a < 17 ? 1 : 5) {
			test_set(a, n);
			for (unsigned b = 0; b < 34; b += 1 + n / 20) {
				test_copy(a, b, n);
				test_move(a, b, n);
			}
		}
	}
}

/* Each object ends, or begins, where the readable page does. */
static char *page;

static void string_at(char *s, size_t n)
{
	for (size_t i = 0; i < n; i++)
		s[i] = (char)(1 + rand() % 200);
	s[n] = 0;
}

static void ends(size_t n, unsigned shift)
{
	char *a = page + PAGE - 1 - n, *b = page + shift;

	string_at(a, n);
	CHECK_EQ(strlen(a), n);
	CHECK(memchr(a, 0, n + 1) == a + n);
	CHECK(memchr(a, 0, SIZE_MAX) == a + n);
	CHECK(!memchr(a, 0, n));
	CHECK(!memchr(a, 255, n + 1));
	for (size_t i = 0; i <= n; i++)
		b[i] = a[i];
	CHECK_EQ(strlen(b), n);
	CHECK_EQ(strcmp(a, b), 0);
	if (!n)
		return;
	size_t i = (size_t)rand() % n;

	b[i]++;
	CHECK(strcmp(a, b) < 0 && strcmp(b, a) > 0);
	CHECK(memcmp(a, b, n) < 0 && memcmp(b, a, n) > 0);
	b[i] = 0;
	CHECK(strcmp(a, b) > 0 && strcmp(b, a) < 0);
	CHECK(memchr(b, 0, n) == b + i);
}

static void test_ends(void)
{
	char *area = mmap(NULL, 3 * PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	CHECK(area != MAP_FAILED);
	page = area + PAGE;
	CHECK_EQ(mprotect(page, PAGE, PROT_READ | PROT_WRITE), 0);
	for (size_t n = 0; n < 200; n++)
		for (unsigned shift = 0; shift < 40; shift++)
			ends(n, shift);
	munmap(area, 3 * PAGE);
}

int main(void)
{
	test_copies();
	test_ends();
	return 0;
}
