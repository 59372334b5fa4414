/* SPDX-License-Identifier: BSD-3-Clause */
/* CHECK() of the programs that are run by Linux and in an image: what is not true is printed, and counted. */
#ifndef TESTS_PROGRAMS_CHECK_H
#define TESTS_PROGRAMS_CHECK_H

#include <errno.h>
#include <stdio.h>
#include <string.h>

static int checks, failures;

#define CHECK(cond) check(cond, #cond, __LINE__)

static void check(int good, const char *text, int line)
{
	checks++;
	if (!good) {
		failures++;
		printf("line %d: not true: %s (%s)\n", line, text, strerror(errno));
	}
}

#endif
