/* SPDX-License-Identifier: BSD-3-Clause */
#include "cmdline.h"

#include <core/string.h>

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n';
}

/* Copy one word from *@from to *@to, without its quotes. Returns false for an open quote. */
static bool take_word(char **from, char **to)
{
	char *in = *from, *out = *to, quote = 0;

	for (; *in && (quote || !is_blank(*in)); in++) {
		if (*in == quote)
			quote = 0;
		else if (!quote && (*in == '"' || *in == '\''))
			quote = *in;
		else if (*in == '\\' && quote != '\'' && in[1])
			*out++ = *++in;
		else
			*out++ = *in;
	}
	*from = *in ? in + 1 : in;
	*out++ = 0;
	*to = out;
	return !quote;
}

int cmdline_split(char *line, char **words, int max)
{
	char *in = line, *out = line;
	int n = 0;

	for (;;) {
		while (is_blank(*in))
			in++;
		if (!*in)
			return n;
		if (n == max)
			return -1;
		words[n++] = out;
		if (!take_word(&in, &out))
			return -1;
	}
}

#define ENVIRONMENT "env."

/* The length of the name in "NAME=value", or 0 if it is no such thing. */
static size_t name_length(const char *s)
{
	const char *equals = strchr(s, '=');

	return equals ? (size_t)(equals - s) : 0;
}

int cmdline_environment(char **words, int n, char **out)
{
	const size_t prefix = sizeof(ENVIRONMENT) - 1;
	int count = 0;

	for (int i = 0; i < n; i++) {
		char *variable = words[i] + prefix;
		size_t len;
		int at = 0;

		if (strncmp(words[i], ENVIRONMENT, prefix))
			continue;
		len = name_length(variable);
		if (!len)
			continue;
		while (at < count && strncmp(out[at], variable, len + 1))
			at++;
		out[at] = variable;
		count += at == count;
	}
	out[count] = NULL;
	return count;
}
