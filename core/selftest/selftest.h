/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef SELFTEST_SELFTEST_H
#define SELFTEST_SELFTEST_H

#include <core/base.h>

/* A way to go wrong, by its name on the command line. */
struct selftest {
	const char *name;
	void (*run)(void);
};

/* Each list ends with an entry without a name. */
extern const struct selftest selftest_stacks[], selftest_heap[];

#endif
