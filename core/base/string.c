/* SPDX-License-Identifier: BSD-3-Clause */
#include <core/string.h>

/*
 * Eight bytes at a time by plain moves up to SHORT bytes, beyond it by the string instructions, whose start-up cost is then paid back.
 * Words rather than bytes: as fast on hardware, and several times faster under emulation. The last, partial word is moved
 * as a whole one that overlaps the one before it.
 */
typedef uint64_t word __attribute__((may_alias, aligned(1)));

#define WORD sizeof(word)
#define SHORT 128

static void copy_few(char *d, const char *s, size_t n)
{
	for (; n; n--) {
		*d++ = *s++;
		barrier(); /* or the compiler turns these loops into calls of the functions they are in */
	}
}

void *memcpy(void *restrict dst, const void *restrict src, size_t n)
{
	const char *s = src;
	char *d = dst;

	if (n < WORD) {
		copy_few(d, s, n);
		return dst;
	}
	word last = *(const word *)(s + n - WORD);
	char *end = d + n - WORD;

	if (n > SHORT) {
		size_t words = n / WORD;

		__asm__ volatile("rep movsq" : "+D"(d), "+S"(s), "+c"(words) : : "memory");
	} else {
		for (; d < end; d += WORD, s += WORD) {
			*(word *)d = *(const word *)s;
			barrier();
		}
	}
	*(word *)end = last;
	return dst;
}

/* From the end: for a destination that overlaps the source above it. */
static void move_down(char *d, const char *s, size_t n)
{
	while (n >= WORD) {
		n -= WORD;
		*(word *)(d + n) = *(const word *)(s + n);
		barrier();
	}
	while (n--) {
		d[n] = s[n];
		barrier();
	}
}

/* From the start: for a destination that overlaps the source below it. */
static void move_up(char *d, const char *s, size_t n)
{
	for (; n >= WORD; n -= WORD, d += WORD, s += WORD) {
		*(word *)d = *(const word *)s;
		barrier();
	}
	copy_few(d, s, n);
}

void *memmove(void *dst, const void *src, size_t n)
{
	char *d = dst;
	const char *s = src;

	if (d >= s + n || s >= d + n)
		return memcpy(dst, src, n);
	if (d > s)
		move_down(d, s, n);
	else
		move_up(d, s, n);
	return dst;
}

void *memset(void *dst, int c, size_t n)
{
	word pattern = (unsigned char)c * 0x0101010101010101ull;
	char *d = dst;

	if (n < WORD) {
		for (; n; n--) {
			*d++ = (char)c;
			barrier();
		}
		return dst;
	}
	char *end = d + n - WORD;

	if (n > SHORT) {
		size_t words = n / WORD;

		__asm__ volatile("rep stosq" : "+D"(d), "+c"(words) : "a"(pattern) : "memory");
	} else {
		for (; d < end; d += WORD) {
			*(word *)d = pattern;
			barrier();
		}
	}
	*(word *)end = pattern;
	return dst;
}

int memcmp(const void *a, const void *b, size_t n)
{
	const unsigned char *x = a, *y = b;

	while (n >= WORD && *(const word *)x == *(const word *)y) {
		x += WORD;
		y += WORD;
		n -= WORD;
	}
	for (; n; n--, x++, y++)
		if (*x != *y)
			return *x - *y;
	return 0;
}

void *memchr(const void *s, int c, size_t n)
{
	for (const unsigned char *p = s; n; n--, p++)
		if (*p == (unsigned char)c)
			return (void *)p;
	return NULL;
}

size_t strlen(const char *s)
{
	const char *p = s;

	while (*p) {
		p++;
		barrier();
	}
	return p - s;
}

size_t strnlen(const char *s, size_t max)
{
	const char *end = memchr(s, 0, max);

	return end ? (size_t)(end - s) : max;
}

int strncmp(const char *a, const char *b, size_t n)
{
	for (; n; n--, a++, b++)
		if (*a != *b || !*a)
			return (unsigned char)*a - (unsigned char)*b;
	return 0;
}

int strcmp(const char *a, const char *b)
{
	return strncmp(a, b, SIZE_MAX);
}

char *strchr(const char *s, int c)
{
	for (;; s++) {
		if (*s == (char)c)
			return (char *)s;
		if (!*s)
			return NULL;
	}
}

char *strrchr(const char *s, int c)
{
	const char *last = NULL;

	for (;; s++) {
		if (*s == (char)c)
			last = s;
		if (!*s)
			return (char *)last;
	}
}

char *strstr(const char *hay, const char *needle)
{
	size_t n = strlen(needle);

	for (; *hay; hay++)
		if (!strncmp(hay, needle, n))
			return (char *)hay;
	return n ? NULL : (char *)hay;
}

size_t strlcpy(char *dst, const char *src, size_t size)
{
	size_t n = strlen(src);

	if (size) {
		size_t take = MIN(n, size - 1);

		memcpy(dst, src, take);
		dst[take] = 0;
	}
	return n;
}

static int digit_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'z' ? c - 'a' + 10 : 99;
}

uint64_t strtou64(const char *s, const char **end, int base)
{
	uint64_t v = 0;

	if ((base == 0 || base == 16) && s[0] == '0' && (s[1] | 0x20) == 'x' && digit_value(s[2]) < 16) {
		s += 2;
		base = 16;
	}
	if (base == 0)
		base = s[0] == '0' ? 8 : 10;
	for (int d; (d = digit_value(*s)) < base; s++)
		v = v > (UINT64_MAX - d) / base ? UINT64_MAX : v * base + d;
	if (end)
		*end = s;
	return v;
}
