/* SPDX-License-Identifier: BSD-3-Clause */
#include "screen.h"

#include <stdbool.h>
#include <string.h>

#include "domain.h"

/* Of libs/qemu (glue/qubes-display.h, which only QEMU's own sources can include). */
void uk_qubes_display_start(unsigned domid);

#define DOMAIN ",domid="

static unsigned domid;
static bool taken;

void screen_take(const char *text)
{
	const char *property = strstr(text, DOMAIN);

	taken = domain_parse(property ? property + strlen(DOMAIN) : "0", &domid);
	if (!taken)
		fprintf(stderr, "arguments: -display qubes-gui%s: no domain has that number: no screen in the GUI domain\n",
		        text);
}

void screen_show(void)
{
	if (taken)
		uk_qubes_display_start(domid);
}
