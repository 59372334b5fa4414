/* SPDX-License-Identifier: BSD-3-Clause */
/* As much of the test framework check (https://libcheck.github.io/check/) as lwIP's tests use: everything in one process, one after the other. */
#ifndef SUITES_LWIP_CHECK_H
#define SUITES_LWIP_CHECK_H

#include <stddef.h>

#define CHECK_MAJOR_VERSION 0
#define CHECK_MINOR_VERSION 15

typedef struct {
	const char *name;
	void (*run)(int unused);
} TTest;

typedef void (*SFun)(void);
typedef struct suite Suite;
typedef struct test_case TCase;
typedef struct suite_runner SRunner;

enum fork_status { CK_FORK, CK_NOFORK };
enum print_output { CK_SILENT, CK_NORMAL, CK_VERBOSE };

Suite *suite_create(const char *name);
void suite_add_tcase(Suite *s, TCase *c);
TCase *tcase_create(const char *name);
void tcase_add_test(TCase *c, const TTest *t);
void tcase_add_checked_fixture(TCase *c, SFun setup, SFun teardown);
SRunner *srunner_create(Suite *s);
void srunner_add_suite(SRunner *r, Suite *s);
void srunner_set_fork_status(SRunner *r, enum fork_status unused);
void srunner_set_xml(SRunner *r, const char *unused);
void srunner_run_all(SRunner *r, enum print_output unused);
int srunner_ntests_failed(SRunner *r);
void srunner_free(SRunner *r);

/* The running test has failed; it goes on. */
void check_failed(const char *what, const char *file, int line);
/* The same, and it ends here. */
_Noreturn void check_stop(const char *what, const char *file, int line);

#define START_TEST(test) \
	static void test##_run(int _i); \
	static const TTest test##_description = { #test, test##_run }; \
	static const TTest *const test = &test##_description; \
	static void test##_run(int _i __attribute__((__unused__)))
#define END_TEST

/* As in check: a failure ends the test. A message may follow, which is not shown. */
#define fail_unless(condition, ...) ((condition) ? (void)0 : check_stop(#condition, __FILE__, __LINE__))
#define fail_if(condition, ...) ((condition) ? check_stop("not: " #condition, __FILE__, __LINE__) : (void)0)
#define fail(...) check_stop("fail()", __FILE__, __LINE__)

#endif
