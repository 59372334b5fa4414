/* SPDX-License-Identifier: BSD-3-Clause */
/* The command line: "kernel arguments -- application arguments". Pure parsing. */
#ifndef BOOT_CMDLINE_H
#define BOOT_CMDLINE_H

#include <core/base.h>

/*
 * Split @line in place into words at blanks. Double and single quotes group; a backslash outside of single quotes takes
 * the next character literally. Returns the number of words stored in @words, or -1 if there are more than @max or a
 * quote is open.
 */
int cmdline_split(char *line, char **words, int max);

/*
 * The program's environment: the words "env.NAME=value", without "env.", go to @out in their order, ended by NULL; @out has room for
 * @n + 1. Of several values for a name the last one counts. Returns their number.
 */
int cmdline_environment(char **words, int n, char **out);

#endif
