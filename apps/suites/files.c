/* SPDX-License-Identifier: BSD-3-Clause */
/* Steps that are not programs: comparing and copying files. */
#include <stdbool.h>
#include <stdio.h>
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
static int compare(FILE *got, FILE *expected, const char *names[2])
{
	char a[LINE], b[LINE];

	for (int line = 1;; line++) {
		/* Lines may hold zeros: what fgets() did not write must be equal, too. */
		memset(a, 0, sizeof(a));
		memset(b, 0, sizeof(b));
		bool more = fgets(a, sizeof(a), got);

		if (!fgets(b, sizeof(b), expected) && !more)
			return 0;
		if (memcmp(a, b, sizeof(a))) {
			printf("suites: %s and %s differ in line %d\n", names[0], names[1], line);
			show("+", a, got);
			show("-", b, expected);
			return 1;
		}
	}
}

static int copy(FILE *from, FILE *to, const char *names[2])
{
	char data[LINE];
	size_t n;

	(void)names;
	while ((n = fread(data, 1, sizeof(data), from)))
		if (fwrite(data, 1, n, to) != n)
			return 1;
	return ferror(from) || fflush(to);
}

static int with_files(const char *first, const char *second, const char *mode, int (*fn)(FILE *, FILE *, const char *[2]))
{
	const char *names[] = { first, second };
	FILE *a = fopen(first, "rb"), *b = a ? fopen(second, mode) : NULL;
	int ret = a && b ? fn(a, b, names) : 1;

	if (!a || !b)
		perror(a ? second : first);
	if (a)
		fclose(a);
	if (b)
		fclose(b);
	return ret;
}

int compare_files(const char *got, const char *expected)
{
	return with_files(got, expected, "rb", compare);
}

int copy_file(const char *from, const char *to)
{
	return with_files(from, to, "wb", copy);
}
