/* SPDX-License-Identifier: BSD-3-Clause */
#include "../arguments.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "services.h"

/* Without any display QEMU would serve VNC to a network, which an image has not. What the command line says of displays comes later and counts. */
static char *const no_display[] = { "-display", "none" };

#define ADDED (sizeof(no_display) / sizeof(no_display[0]))

int arguments_get(int argc, char **argv, char ***out)
{
	char **v = calloc(argc + ADDED + 1, sizeof(*v));

	if (!v) {
		fprintf(stderr, "no memory for QEMU's arguments\n");
		return -1;
	}
	v[0] = argv[0];
	memcpy(v + 1, no_display, sizeof(no_display));
	memcpy(v + 1 + ADDED, argv + 1, (argc - 1) * sizeof(*v));
	*out = v;
	return argc + ADDED;
}

int arguments_serve(void)
{
	return services_start();
}
