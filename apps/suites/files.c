/* SPDX-License-Identifier: BSD-3-Clause */
/* Steps that are not programs: comparing and copying files. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "suites.h"

#define LINE 4096
#define SHOWN 10

static void show(const char *mark, const char *line, FILE *f)
{
	char next[LINE];

	printf("%s%s", mark, line);
	for (int i = 1; i < SHOWN && fgets(next, sizeof(next), f); i++)
		printf("%s%s", mark, next);
}

/* Says the first line that differs, and some lines of both from there. */
static int compare(FILE *got, FILE *expected, char **words)
{
	char a[LINE], b[LINE];

	for (int line = 1;; line++) {
		/* Lines may hold zeros: what fgets() did not write must be equal, too. */
		memset(a, 0, sizeof(a));
		memset(b, 0, sizeof(b));
		bool more = fgets(a, sizeof(a), got);

		if (!fgets(b, sizeof(b), expected) && !more)
			return ferror(got) || ferror(expected);
		if (memcmp(a, b, sizeof(a))) {
			printf("suites: %s and %s differ in line %d\n", words[1], words[2], line);
			show("+", a, got);
			show("-", b, expected);
			return 1;
		}
	}
}

static int cut(FILE *from, FILE *to, char **words)
{
	long first = atol(words[3]), last = atol(words[4]);
	char line[LINE];

	for (long n = 1; n <= last && fgets(line, sizeof(line), from); n++)
		if (n >= first && fputs(line, to) == EOF)
			return 1;
	return ferror(from) || fflush(to);
}

static int copy(FILE *from, FILE *to, char **words)
{
	char data[LINE];
	size_t n;

	(void)words;
	while ((n = fread(data, 1, sizeof(data), from)))
		if (fwrite(data, 1, n, to) != n)
			return 1;
	return ferror(from) || fflush(to);
}

static int with_files(char **words, const char *mode, int (*fn)(FILE *, FILE *, char **))
{
	FILE *a = fopen(words[1], "rb"), *b = a ? fopen(words[2], mode) : NULL;
	int ret = a && b ? fn(a, b, words) : 1;

	if (!a || !b)
		perror(a ? words[2] : words[1]);
	if (a)
		fclose(a);
	if (b)
		fclose(b);
	return ret;
}

int compare_files(char **words)
{
	return with_files(words, "rb", compare);
}

int copy_file(char **words)
{
	return with_files(words, "wb", copy);
}

int copy_lines(char **words)
{
	return with_files(words, "wb", cut);
}
