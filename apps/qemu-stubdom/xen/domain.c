/* SPDX-License-Identifier: BSD-3-Clause */
#include "domain.h"

#include <stdlib.h>

/* Numbers from here on are no domains'. */
#define DOMAINS 0x7ff0

bool domain_parse(const char *text, unsigned *domid)
{
	char *end;

	if (*text < '0' || *text > '9')
		return false;
	unsigned long value = strtoul(text, &end, 10);

	if ((*end && *end != ',') || value >= DOMAINS)
		return false;
	*domid = value;
	return true;
}
