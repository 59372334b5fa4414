/* SPDX-License-Identifier: BSD-3-Clause */
/* Compiled once for each program of a suite, whose main() has been renamed. */
#include "suites.h"

int suite_main(int argc, char **argv, char **envp);

__attribute__((__constructor__)) static void add(void)
{
	static struct suite_program program = { .name = SUITE_PROGRAM, .run = suite_main };

	suite_add(&program);
}
