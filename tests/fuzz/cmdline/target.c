/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The kernel command line: words are inside the line, in order, and no more than asked for.
 * sources: core/boot/cmdline.c
 */
#include "../../../core/boot/cmdline.h"
#include "../fuzz.h"

#define WORDS_MAX 16

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *words[WORDS_MAX + 1], *line = malloc(size + 1);

	for (size_t i = 0; i < size; i++)
		line[i] = data[i];
	line[size] = 0;
	words[WORDS_MAX] = line;
	int n = cmdline_split(line, words, WORDS_MAX);

	CHECK(n >= -1 && n <= WORDS_MAX);
	CHECK(words[WORDS_MAX] == line);
	for (int i = 0; i < n; i++) {
		const char *p = words[i];

		CHECK(p >= line && p <= line + size);
		CHECK(!i || p > words[i - 1]);
		while (*p)
			p++;
		CHECK(p <= line + size && (i + 1 == n || p < words[i + 1]));
	}
	free(line);
	return 0;
}
