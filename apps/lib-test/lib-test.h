/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Tests of libraries. LIB_TEST("name", function) {...} defines a test and registers it before main(); it returns true if it
 * passed. A CHECK that does not hold says so in a KTAP diagnosis line and ends the test.
 */
#ifndef LIB_TEST_H
#define LIB_TEST_H

#include <stdbool.h>
#include <stdio.h>

struct lib_test {
	const char *name;
	bool (*run)(void);
	struct lib_test *next;
};

void lib_test_add(struct lib_test *test);

#define LIB_TEST(title, function) \
	static bool function(void); \
	__attribute__((__constructor__)) static void function##_add(void) \
	{ \
		static struct lib_test test = { .name = title, .run = function }; \
		lib_test_add(&test); \
	} \
	static bool function(void)

#define CHECK(condition) \
	do { \
		if (!(condition)) { \
			printf("# %s:%d: not true: %s\n", __FILE__, __LINE__, #condition); \
			return false; \
		} \
	} while (0)

#endif
