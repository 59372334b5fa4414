/* SPDX-License-Identifier: BSD-3-Clause */
#include "selftest.h"

#include <core/boot.h>
#include <core/init.h>
#include <core/log.h>
#include <core/string.h>

static bool run(const struct selftest *list, const char *name)
{
	for (; list->name; list++) {
		if (strcmp(list->name, name))
			continue;
		list->run();
		pr_err("selftest: %s: nothing happened", name);
		return true;
	}
	return false;
}

static int selftest_init(void)
{
	const char *name = boot_argument("selftest");

	if (name && !run(selftest_stacks, name) && !run(selftest_heap, name))
		pr_err("selftest: %s: there is no such test", name);
	return 0;
}
INITCALL(INIT_PROCESS, selftest_init);
