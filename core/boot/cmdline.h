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

#endif
