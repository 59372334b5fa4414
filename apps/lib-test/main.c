/* SPDX-License-Identifier: BSD-3-Clause */
/* Runs the registered tests in the order of their names. Arguments select: only names that contain one of them. */
#include <string.h>
#include "lib-test.h"

static struct lib_test *tests;

void lib_test_add(struct lib_test *test)
{
	struct lib_test **p = &tests;

	while (*p && strcmp((*p)->name, test->name) <= 0)
		p = &(*p)->next;
	test->next = *p;
	*p = test;
}

static bool selected(const struct lib_test *test, int argc, char **argv)
{
	for (int i = 1; i < argc; i++)
		if (strstr(test->name, argv[i]))
			return true;
	return argc < 2;
}

int main(int argc, char **argv)
{
	int number = 0, failed = 0;

	setvbuf(stdout, NULL, _IOLBF, 0);
	for (struct lib_test *t = tests; t; t = t->next)
		number += selected(t, argc, argv);
	printf("KTAP version 1\n1..%d\n", number);
	number = 0;
	for (struct lib_test *t = tests; t; t = t->next) {
		bool ok;

		if (!selected(t, argc, argv))
			continue;
		ok = t->run();
		failed += !ok;
		printf("%s %d %s\n", ok ? "ok" : "not ok", ++number, t->name);
	}
	if (failed)
		printf("# %d of %d failed\n", failed, number);
	return !number || failed;
}
