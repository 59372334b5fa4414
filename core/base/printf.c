/* SPDX-License-Identifier: BSD-3-Clause */
#include <core/string.h>

struct out {
	char *buf;
	size_t size, len;
};

struct spec {
	bool left, zero, alt;
	char sign; /* '+', ' ' or 0 */
	int width, precision; /* precision -1: none */
	int longs; /* -2 char, -1 short, 0 int, >= 1 long */
};

static void put(struct out *o, char c)
{
	if (o->len + 1 < o->size)
		o->buf[o->len] = c;
	o->len++;
}

static void put_n(struct out *o, char c, int n)
{
	while (n-- > 0)
		put(o, c);
}

static void put_padded(struct out *o, const struct spec *s, const char *prefix, const char *body, int len, int zeroes)
{
	int plen = strlen(prefix);
	int pad = s->width - plen - zeroes - len;

	if (!s->left)
		put_n(o, ' ', pad);
	for (int i = 0; i < plen; i++)
		put(o, prefix[i]);
	put_n(o, '0', zeroes);
	for (int i = 0; i < len; i++)
		put(o, body[i]);
	if (s->left)
		put_n(o, ' ', pad);
}

static void put_number(struct out *o, const struct spec *s, uint64_t v, bool negative, int base, bool upper)
{
	const char *digits = upper ? "0123456789ABCDEF" : "0123456789abcdef";
	char buf[24], prefix[4] = "";
	int n = sizeof(buf), zeroes = 0, p = 0;

	if (s->alt && base == 16 && v) {
		prefix[p++] = '0';
		prefix[p++] = upper ? 'X' : 'x';
	} else if (negative) {
		prefix[p++] = '-';
	} else if (s->sign) {
		prefix[p++] = s->sign;
	}
	prefix[p] = 0;
	for (; v; v /= base)
		buf[--n] = digits[v % base];
	if (n == sizeof(buf) && s->precision != 0)
		buf[--n] = '0';
	int len = sizeof(buf) - n;

	if (s->precision > len)
		zeroes = s->precision - len;
	else if (s->zero && !s->left && s->precision < 0)
		zeroes = MAX(0, s->width - p - len);
	put_padded(o, s, prefix, buf + n, len, zeroes);
}

static int parse_int(const char **fmt, va_list *ap)
{
	int v = 0;

	if (**fmt == '*') {
		(*fmt)++;
		return va_arg(*ap, int);
	}
	while (**fmt >= '0' && **fmt <= '9')
		v = v * 10 + (*(*fmt)++ - '0');
	return v;
}

static struct spec parse_spec(const char **fmt, va_list *ap)
{
	struct spec s = { .precision = -1 };

	for (;; (*fmt)++) {
		if (**fmt == '-')
			s.left = true;
		else if (**fmt == '0')
			s.zero = true;
		else if (**fmt == '#')
			s.alt = true;
		else if (**fmt == '+' || **fmt == ' ')
			s.sign = **fmt;
		else
			break;
	}
	s.width = parse_int(fmt, ap);
	if (s.width < 0) {
		s.left = true;
		s.width = -s.width;
	}
	if (**fmt == '.') {
		(*fmt)++;
		s.precision = parse_int(fmt, ap);
	}
	for (;; (*fmt)++) {
		if (**fmt == 'l' || **fmt == 'z' || **fmt == 'j' || **fmt == 't')
			s.longs++;
		else if (**fmt == 'h')
			s.longs--;
		else
			break;
	}
	return s;
}

static int64_t arg_signed(const struct spec *s, va_list *ap)
{
	if (s->longs > 0)
		return va_arg(*ap, long);
	int v = va_arg(*ap, int);

	return s->longs == -1 ? (short)v : s->longs < -1 ? (signed char)v : v;
}

static uint64_t arg_unsigned(const struct spec *s, va_list *ap)
{
	if (s->longs > 0)
		return va_arg(*ap, unsigned long);
	unsigned v = va_arg(*ap, unsigned);

	return s->longs == -1 ? (unsigned short)v : s->longs < -1 ? (unsigned char)v : v;
}

static void put_conversion(struct out *o, char conversion, struct spec *s, va_list *ap)
{
	const char *str;
	int64_t v;
	char c;

	switch (conversion) {
	case 'd':
	case 'i':
		v = arg_signed(s, ap);
		put_number(o, s, v < 0 ? -(uint64_t)v : (uint64_t)v, v < 0, 10, false);
		break;
	case 'u':
	case 'o':
	case 'x':
	case 'X':
		s->sign = 0;
		put_number(o, s, arg_unsigned(s, ap), false,
		           conversion == 'u'   ? 10
		           : conversion == 'o' ? 8
		                               : 16,
		           conversion == 'X');
		break;
	case 'p':
		s->alt = true;
		put_number(o, s, (uintptr_t)va_arg(*ap, void *), false, 16, false);
		break;
	case 'c':
		c = va_arg(*ap, int);
		put_padded(o, s, "", &c, 1, 0);
		break;
	case 's':
		str = va_arg(*ap, const char *);
		if (!str)
			str = "(null)";
		put_padded(o, s, "", str, s->precision >= 0 ? strnlen(str, s->precision) : strlen(str), 0);
		break;
	default:
		put(o, conversion);
	}
}

int vsnprintf(char *buf, size_t size, const char *fmt, va_list args)
{
	struct out o = { buf, size, 0 };
	va_list ap;

	va_copy(ap, args);
	while (*fmt) {
		if (*fmt != '%') {
			put(&o, *fmt++);
			continue;
		}
		fmt++;
		struct spec s = parse_spec(&fmt, &ap);

		if (!*fmt)
			break;
		put_conversion(&o, *fmt++, &s, &ap);
	}
	va_end(ap);
	if (size)
		buf[MIN(o.len, size - 1)] = 0;
	return o.len;
}

int snprintf(char *buf, size_t size, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	int n = vsnprintf(buf, size, fmt, ap);

	va_end(ap);
	return n;
}
