/* SPDX-License-Identifier: BSD-3-Clause */
#include "../arguments.h"

#include "qmp.h"

int arguments_get(int argc, char **argv, char ***out)
{
	*out = argv;
	return argc;
}

int arguments_serve(void)
{
	return qmp_serve();
}
