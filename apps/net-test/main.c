/* SPDX-License-Identifier: BSD-3-Clause */
#include "test.h"

struct test {
	const char *name;
	bool (*run)(void); /* true: passed */
	bool on_request; /* needs somebody's help */
};

static const struct test tests[] = {
	{ "arp", arp, false },
	{ "tap_requests", tap_requests, false },
	{ "tap_busy", tap_busy, false },
	{ "tap_poll_empty", tap_poll_empty, false },
	{ "ping_sizes", ping_sizes, false },
	{ "tcp_checksum", tcp_checksum, false },
	{ "read_cut", read_cut, false },
	{ "ping_many", ping_many, false },
	{ "unread", unread, false },
	{ "flood", flood, false },
	{ "ping_large", ping_large, true },
	{ "second", second, true },
	{ "reconnect", reconnect, true },
	{ "pulled_out", pulled_out, true },
};

#define COUNT (sizeof(tests) / sizeof(tests[0]))

static bool wanted(const struct test *t, int argc, char **argv)
{
	for (int a = 1; a < argc; a++)
		if (!strcmp(argv[a], t->name))
			return true;
	return argc == 1 && !t->on_request;
}

/* Arguments: names of tests, none for all that need no help. The first one, arp, finds the other end. */
int main(int argc, char **argv)
{
	int number = 0, failed = 0, planned = 0;

	for (unsigned i = 0; i < COUNT; i++)
		planned += wanted(&tests[i], argc, argv);
	printf("KTAP version 1\n1..%d\n", planned);
	if (!tap_start())
		return 1;
	for (unsigned i = 0; i < COUNT; i++) {
		if (!wanted(&tests[i], argc, argv))
			continue;
		bool ok = tests[i].run();

		failed += !ok;
		printf("%s %d %s\n", ok ? "ok" : "not ok", ++number, tests[i].name);
		fflush(stdout);
	}
	return failed ? 1 : 0;
}
