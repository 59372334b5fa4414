/* SPDX-License-Identifier: BSD-3-Clause */
#include "test.h"

static const struct test tests[] = {
	{ "disk_size", disk_size },           { "disk_reads", disk_reads },
	{ "disk_vectors", disk_vectors },     { "disk_threads", disk_threads },
	{ "disk_writes", disk_writes },       { "disk_end", disk_end },
	{ "disk_read_only", disk_read_only }, { "disk_discard", disk_discard },
	{ "random_differs", random_differs }, { "port_hvc", port_hvc },
	{ "port_name", port_name },           { "port_lines", port_lines },
	{ "port_echo", port_echo },           { "port_unheard", port_unheard },
	{ "port_greeting", port_greeting },
};

#define COUNT (sizeof(tests) / sizeof(tests[0]))

/* Arguments: names of tests, none for all. */
int main(int argc, char **argv)
{
	int number = 0, failed = 0;

	printf("KTAP version 1\n1..%d\n", argc > 1 ? argc - 1 : (int)COUNT);
	for (unsigned i = 0; i < COUNT; i++) {
		bool wanted = argc == 1;

		for (int a = 1; a < argc; a++)
			wanted |= !strcmp(argv[a], tests[i].name);
		if (!wanted)
			continue;
		bool ok = tests[i].run();

		failed += !ok;
		printf("%s %d %s\n", ok ? "ok" : "not ok", ++number, tests[i].name);
		fflush(stdout);
	}
	return failed ? 1 : 0;
}
