/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A test is a function; a check that does not hold prints a diagnosis and ends it as failed. The program also runs on Linux
 * (cc -pthread *.c), which is how the tests themselves are tested.
 */
#ifndef POSIX_TEST_H
#define POSIX_TEST_H

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

struct test {
	const char *name;
	void (*run)(void);
};

/* Each area ends its list with an entry without a name. */
extern const struct test appends_tests[], dirs_tests[], doors_tests[], edges_tests[], epoll_tests[], events_tests[],
	files_tests[], locks_tests[], mmap_tests[], pipes_tests[], poll_tests[], signals_tests[], sockets_tests[],
	threads_tests[], timers_tests[], timing_tests[], growth_tests[], crowds_tests[], latency_tests[], tty_tests[],
	waits_tests[];
/* What runs on Linux with the same results; tests/boot/test_posix.py does. */
extern const struct test nodes_tests[], proc_tests[], copying_tests[], calls_tests[], futexes_tests[], ptys_tests[],
	overflow_tests[], robust_tests[], room_tests[], nests_tests[], limits_tests[], places_tests[], cputimers_tests[],
	watches_tests[], aio_tests[], mqueues_tests[], mqnotices_tests[], requeues_tests[], sems_tests[], msgs_tests[],
	shms_tests[], corners_tests[], settings_tests[], states_tests[], peers_tests[];
/* The same, where the program may have real-time priorities. */
extern const struct test realtime_tests[], schedules_tests[], inherit_tests[];

/* main.c */
void test_fail(const char *file, int line, const char *fmt, ...) __attribute__((format(printf, 3, 4)));

#define CHECK(cond) \
	do { \
		if (!(cond)) { \
			test_fail(__FILE__, __LINE__, "not true: %s (errno %d)", #cond, errno); \
			return; \
		} \
	} while (0)

#define CHECK_EQ(a, b) \
	do { \
		long a__ = (long)(a), b__ = (long)(b); \
		if (a__ != b__) { \
			test_fail(__FILE__, __LINE__, "%s is %ld, not %ld (errno %d)", #a, a__, b__, errno); \
			return; \
		} \
	} while (0)

/* The call returns -1 and sets errno to @err. */
#define CHECK_ERR(call, err) \
	do { \
		errno = 0; \
		long r__ = (long)(call); \
		if (r__ != -1 || errno != (err)) { \
			test_fail(__FILE__, __LINE__, "%s returned %ld, errno %d, not %d", #call, r__, errno, (err)); \
			return; \
		} \
	} while (0)

/* Milliseconds on the monotonic clock. */
long test_now(void);
/* Run @fn(@arg) in a thread of its own after @ms; the test ends it with test_join(). */
void test_later(int ms, void (*fn)(void *), void *arg);
void test_join(void);

/* special.c: tests that end the domain, by argument. Returns false for an unknown name. */
bool special_test(int argc, char **argv);
/* stress.c, bench.c: results are exit statuses. stress_for() is the same test for so many ms, without KTAP's lines. */
int stress(int seconds);
int stress_for(int ms);
int bench(void);

#endif
