/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * For tests of kernel code on the build machine. They are compiled like the kernel, without the C library's headers, whose
 * types are others, and linked with it: what a test needs of it is declared here.
 */
#ifndef TESTS_HOST_H
#define TESTS_HOST_H

#include <core/base.h>

int printf(const char *fmt, ...) __printf(1, 2);
void *malloc(size_t n);
void free(void *p);
void *aligned_alloc(size_t align, size_t n);
_Noreturn void exit(int status);
_Noreturn void abort(void);
int rand(void);
void srand(unsigned seed);

/* Stubs of core/alloc: the allocation after this many more fails, and those behind it; negative: none. */
extern long host_fail_after;
/* Stubs of core/time: what time_wall() gives next. */
extern uint64_t host_wall;
/* Allocations that are not freed. */
extern long host_live;

/* The test fails, and ends, when @cond is false. */
#define CHECK(cond) \
	do { \
		if (!(cond)) { \
			printf("%s:%d: not true: %s\n", __FILE__, __LINE__, #cond); \
			exit(1); \
		} \
	} while (0)
#define CHECK_EQ(a, b) \
	do { \
		long a__ = (long)(a), b__ = (long)(b); \
		if (a__ != b__) { \
			printf("%s:%d: %s is %ld, not %ld\n", __FILE__, __LINE__, #a, a__, b__); \
			exit(1); \
		} \
	} while (0)

#endif
