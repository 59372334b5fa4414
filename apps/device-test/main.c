/* SPDX-License-Identifier: BSD-3-Clause */
#include "test.h"

static const struct test tests[] = {
	{ "disk_size", disk_size, false },
	{ "disk_reads", disk_reads, false },
	{ "disk_vectors", disk_vectors, false },
	{ "disk_threads", disk_threads, false },
	{ "disk_writes", disk_writes, false },
	{ "disk_end", disk_end, false },
	{ "disk_read_only", disk_read_only, false },
	{ "disk_discard", disk_discard, false },
	{ "disk_requests", disk_requests, false },
	{ "disk_odd_requests", disk_odd_requests, false },
	{ "disk_unmapped", disk_unmapped, true },
	{ "random_differs", random_differs, false },
	{ "port_hvc", port_hvc, false },
	{ "port_name", port_name, false },
	{ "port_lines", port_lines, false },
	{ "port_echo", port_echo, false },
	{ "port_unheard", port_unheard, false },
	{ "port_greeting", port_greeting, false },
	{ "pulled_out", pulled_out, true },
	{ "share_data", share_data, true },
	{ "share_many", share_many, true },
	{ "share_removed", share_removed, true },
	{ "share_slow", share_slow, true },
	{ "share_read_only", share_read_only, true },
};

#define COUNT (sizeof(tests) / sizeof(tests[0]))

/* Arguments: names of tests, none for all that need no help. */
int main(int argc, char **argv)
{
	int number = 0, failed = 0, planned = argc - 1;

	for (unsigned i = 0; i < COUNT; i++)
		planned += argc > 1 ? 0 : !tests[i].on_request;
	printf("KTAP version 1\n1..%d\n", planned);
	for (unsigned i = 0; i < COUNT; i++) {
		bool wanted = argc == 1 && !tests[i].on_request;

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
