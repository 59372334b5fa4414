/* SPDX-License-Identifier: BSD-3-Clause */
/* The command line: "kernel arguments -- application arguments". Pure parsing. */
#ifndef BOOT_CMDLINE_H
#define BOOT_CMDLINE_H

#include <core/base.h>

/*
 * Cut @line in place into words at blanks. Double and single quotes group, a backslash takes the next character as it is (not within
 * single quotes). Returns the number of words stored in @words (at most @max), or -1 if there are more or a quote is open.
 */
int cmdline_split(char *line, char **words, int max);

#endif
