/* SPDX-License-Identifier: BSD-3-Clause */
#include <core/string.h>

#include "tun.h"

#define NUMBER_MAX 0xffffu

/* A decimal number at *@s, which moves behind it; -1: there is none. */
static int number(const char **s)
{
	if (**s < '0' || **s > '9')
		return -1;
	uint64_t n = strtou64(*s, s, 10);

	return n <= NUMBER_MAX ? (int)n : -1;
}

int tap_number(const char *name)
{
	if (strncmp(name, "vif", 3))
		return -1;
	name += 3;
	if (number(&name) < 0 || *name++ != '.')
		return -1;
	int n = number(&name);

	return !*name || !strcmp(name, "-emu") ? n : -1;
}

void tap_name(char *name, const char *wanted, unsigned number)
{
	if (!*wanted)
		wanted = "tap%d";
	const char *at = strstr(wanted, "%d");

	if (at)
		snprintf(name, IFNAMSIZ, "%.*s%u%s", (int)(at - wanted), wanted, number, at + 2);
	else
		strlcpy(name, wanted, IFNAMSIZ);
}
