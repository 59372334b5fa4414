/* SPDX-License-Identifier: BSD-3-Clause */
#include <setjmp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "check.h"

#define FIXTURES 4
#define TESTS 4
#define CASES 100
#define SUITES 40

struct test_case {
	const char *name;
	const TTest *tests[TESTS];
	SFun before[FIXTURES], after[FIXTURES];
	unsigned count, fixtures;
};

struct suite {
	const char *name;
	TCase *cases[CASES];
	unsigned count;
};

struct suite_runner {
	Suite *suites[SUITES];
	unsigned count;
	int run, failed;
};

static jmp_buf test_end;
static bool test_failed;

/* What is not freed lives as long as the program. */
static void *make(size_t size)
{
	void *p = calloc(1, size);

	if (!p)
		abort();
	return p;
}

static void expect_room(unsigned count, unsigned most)
{
	if (count < most)
		return;
	fprintf(stderr, "check.c: no room for more than %u\n", most);
	abort();
}

Suite *suite_create(const char *name)
{
	Suite *s = make(sizeof(*s));

	s->name = name;
	return s;
}

void suite_add_tcase(Suite *s, TCase *c)
{
	expect_room(s->count, CASES);
	s->cases[s->count++] = c;
}

TCase *tcase_create(const char *name)
{
	TCase *c = make(sizeof(*c));

	c->name = name;
	return c;
}

void tcase_add_test(TCase *c, const TTest *t)
{
	expect_room(c->count, TESTS);
	c->tests[c->count++] = t;
}

void tcase_add_checked_fixture(TCase *c, SFun setup, SFun teardown)
{
	expect_room(c->fixtures, FIXTURES);
	c->before[c->fixtures] = setup;
	c->after[c->fixtures++] = teardown;
}

SRunner *srunner_create(Suite *s)
{
	SRunner *r = make(sizeof(*r));

	srunner_add_suite(r, s);
	return r;
}

void srunner_add_suite(SRunner *r, Suite *s)
{
	expect_room(r->count, SUITES);
	r->suites[r->count++] = s;
}

void srunner_set_fork_status(SRunner *r, enum fork_status unused)
{
	(void)r;
	(void)unused;
}

void srunner_set_xml(SRunner *r, const char *unused)
{
	(void)r;
	(void)unused;
}

void check_failed(const char *what, const char *file, int line)
{
	test_failed = true;
	printf("# %s:%d: %s\n", file, line, what);
}

void check_stop(const char *what, const char *file, int line)
{
	check_failed(what, file, line);
	longjmp(test_end, 1);
}

/* One of a test's functions; a failure ends it. */
static void attempt(SFun fn, const TTest *t)
{
	if (setjmp(test_end))
		return;
	if (t)
		t->run(0);
	else if (fn)
		fn();
}

static void run_test(SRunner *r, const Suite *s, const TCase *c, const TTest *t)
{
	test_failed = false;
	for (unsigned i = 0; i < c->fixtures; i++)
		attempt(c->before[i], NULL);
	if (!test_failed)
		attempt(NULL, t);
	for (unsigned i = c->fixtures; i-- > 0;)
		attempt(c->after[i], NULL);
	r->failed += test_failed;
	printf("%s %d - %s.%s\n", test_failed ? "not ok" : "ok", ++r->run, s->name, t->name);
	fflush(stdout);
}

void srunner_run_all(SRunner *r, enum print_output unused)
{
	(void)unused;
	for (unsigned i = 0; i < r->count; i++)
		for (unsigned j = 0; j < r->suites[i]->count; j++)
			for (unsigned k = 0; k < r->suites[i]->cases[j]->count; k++)
				run_test(r, r->suites[i], r->suites[i]->cases[j], r->suites[i]->cases[j]->tests[k]);
	printf("1..%d\n", r->run);
}

int srunner_ntests_failed(SRunner *r)
{
	return r->failed;
}

void srunner_free(SRunner *r)
{
	for (unsigned i = 0; i < r->count; i++) {
		for (unsigned j = 0; j < r->suites[i]->count; j++)
			free(r->suites[i]->cases[j]);
		free(r->suites[i]);
	}
	free(r);
}
