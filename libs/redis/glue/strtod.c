/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Numbers in decimal notation, by the C library's strtod(), which rounds correctly too: the library that redis has for it is C++. That takes
 * neither blanks before a number nor hexadecimal ones.
 */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>

#include <fast_float_strtod.h>

static double zero_of(const char *in, char **end)
{
	if (end)
		*end = (char *)in + (*in == '-' || *in == '+') + 1;
	return *in == '-' ? -0.0 : 0.0;
}

double fast_float_strtod(const char *in, char **out)
{
	const char *digits = in + (*in == '-' || *in == '+');
	int before = errno;
	char *end;
	double value;

	if (digits[0] == '0' && (digits[1] | 0x20) == 'x')
		return zero_of(in, out);
	if (isspace((unsigned char)*in)) {
		end = (char *)in;
		value = 0;
	} else {
		errno = 0;
		value = strtod(in, &end);
	}
	errno = end == in || errno ? EINVAL : before;
	if (out)
		*out = end;
	return value;
}
