/* SPDX-License-Identifier: BSD-3-Clause */
#include "cmdline.h"

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
