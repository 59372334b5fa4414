/* SPDX-License-Identifier: BSD-3-Clause */
/* What an operation costs beside few and beside many others: see growth.c. */
#ifndef POSIX_TEST_GROWTH_H
#define POSIX_TEST_GROWTH_H

#include "test.h"

#define MANY 20000

/* @add(@i) for all below @many, the costs of @operate on the way, and @drop(@i) for all. */
void grow(const char *what, void (*add)(int i), void (*operate)(int i), void (*drop)(int i), int many);
/* Something that these do: the test has failed if it is not so. */
void must(bool ok);
/* Let there be MANY of what RLIMIT_@which counts, and a few. */
void raise_limit(int which);

#endif
