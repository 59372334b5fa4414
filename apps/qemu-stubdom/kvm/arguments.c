/* SPDX-License-Identifier: BSD-3-Clause */
#include "../arguments.h"

int arguments_get(int argc, char **argv, char ***out)
{
	*out = argv;
	return argc;
}

int arguments_serve(void)
{
	return 0;
}
