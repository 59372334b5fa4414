/* SPDX-License-Identifier: BSD-3-Clause */
#include "screen.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* Of libs/qemu (glue/qubes-display.h, which only QEMU's own sources can include). */
void uk_qubes_display_start(unsigned domid);

#define DOMAIN ",domid="
/* Numbers from here on are no domains'. */
#define DOMAINS 0x7ff0

static unsigned domid;
static bool taken;

void screen_take(const char *text)
{
	const char *property = strstr(text, DOMAIN), *number = property ? property + strlen(DOMAIN) : "0";
	char *end;
	unsigned long value = strtoul(number, &end, 10);

	taken = *number >= '0' && *number <= '9' && (!*end || *end == ',') && value < DOMAINS;
	domid = value;
	if (!taken)
		fprintf(stderr, "arguments: -display qubes-gui%s: no domain has that number: no screen in the GUI domain\n",
		        text);
}

void screen_show(void)
{
	if (taken)
		uk_qubes_display_start(domid);
}
