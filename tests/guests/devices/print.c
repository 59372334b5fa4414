/* SPDX-License-Identifier: BSD-3-Clause */
/* Text on COM1, and the few functions that the compiler expects. */
#include <stdarg.h>

#include "guest.h"

#define COM1 0x3f8
#define LINE_STATUS (COM1 + 5)
#define HOLDING_EMPTY 0x20
#define ALL_EMPTY 0x40

void check_failed(void);

static void put(char c)
{
	if (c == '\n')
		put('\r');
	while (!(inb(LINE_STATUS) & HOLDING_EMPTY))
		;
	outb(COM1, (uint8_t)c);
}

void serial_drain(void)
{
	while (!(inb(LINE_STATUS) & ALL_EMPTY))
		;
}

static void put_number(uint32_t v, unsigned base, unsigned width)
{
	char digits[12];
	unsigned n = 0;

	do
		digits[n++] = "0123456789abcdef"[v % base];
	while ((v /= base));
	while (width > n) {
		put('0');
		width--;
	}
	while (n)
		put(digits[--n]);
}

static void print_list(const char *fmt, va_list ap)
{
	for (; *fmt; fmt++) {
		unsigned width = 0;

		if (*fmt != '%') {
			put(*fmt);
			continue;
		}
		while (*++fmt >= '0' && *fmt <= '9')
			width = width * 10 + (unsigned)(*fmt - '0');
		if (*fmt == 's') {
			for (const char *s = va_arg(ap, const char *); *s; s++)
				put(*s);
		} else if (*fmt == 'c') {
			put((char)va_arg(ap, int));
		} else {
			uint32_t v = va_arg(ap, uint32_t);

			if (*fmt == 'd' && (int32_t)v < 0) {
				put('-');
				v = -v;
			}
			put_number(v, *fmt == 'x' ? 16 : 10, width);
		}
	}
}

void print(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	print_list(fmt, ap);
	va_end(ap);
}

void note(const char *fmt, ...)
{
	va_list ap;

	print("# ");
	va_start(ap, fmt);
	print_list(fmt, ap);
	va_end(ap);
	put('\n');
}

void fail(const char *fmt, ...)
{
	va_list ap;

	check_failed();
	print("# failed: ");
	va_start(ap, fmt);
	print_list(fmt, ap);
	va_end(ap);
	put('\n');
}

void *memset(void *to, int c, size_t n)
{
	void *p = to;

	__asm__ volatile("rep stosb" : "+D"(p), "+c"(n) : "a"(c) : "memory");
	return to;
}

void *memcpy(void *to, const void *from, size_t n)
{
	void *p = to;

	__asm__ volatile("rep movsb" : "+D"(p), "+S"(from), "+c"(n) : : "memory");
	return to;
}

int memcmp(const void *a, const void *b, size_t n)
{
	const uint8_t *x = a, *y = b;

	for (; n; n--, x++, y++)
		if (*x != *y)
			return *x - *y;
	return 0;
}

uint32_t random32(void)
{
	static uint32_t state = 0x9e3779b9;

	state ^= state << 13;
	state ^= state >> 17;
	state ^= state << 5;
	return state;
}
