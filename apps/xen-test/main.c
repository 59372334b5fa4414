/* SPDX-License-Identifier: BSD-3-Clause */
#include "test.h"

#include <stdarg.h>
#include <string.h>

static int count, failed;

void result(bool ok, const char *format, ...)
{
	va_list ap;

	failed += !ok;
	printf("%s %d - ", ok ? "ok" : "not ok", ++count);
	va_start(ap, format);
	vprintf(format, ap);
	va_end(ap);
	printf("\n");
}

/* Arguments: what to do, in this order. */
int main(int argc, char **argv)
{
	static const struct {
		const char *name;
		void (*run)(void);
	} parts[] = {
		{ "isolation", isolation }, { "grants", limit_grants },     { "channels", limit_channels },
		{ "memory", limit_memory }, { "hold-grants", hold_grants }, { "hold-channels", hold_channels },
		{ "busy", busy },
	};

	setvbuf(stdout, NULL, _IOLBF, 0);
	for (int a = 1; a < argc; a++)
		for (unsigned i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
			if (!strcmp(argv[a], parts[i].name))
				parts[i].run();
	printf("1..%d\n", count);
	return failed || !count;
}
