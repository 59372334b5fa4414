/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The program's variables on the kernel command line.
 * sources: core/boot/cmdline.c
 */
#include "../../../../core/boot/cmdline.h"

#include "../../host.h"

#include <core/string.h>

static void environment(void)
{
	char line[] = "loglevel=3 env.A=1 env.=none env.B env.LONG='a b=c' env.A=2 xenv.C=1 env.AB=3 env.E=";
	char *words[16], *out[17];
	int n = cmdline_split(line, words, 16);

	CHECK_EQ(n, 9);
	CHECK_EQ(cmdline_environment(words, n, out), 4);
	CHECK(!strcmp(out[0], "A=2"));
	CHECK(!strcmp(out[1], "LONG=a b=c"));
	CHECK(!strcmp(out[2], "AB=3"));
	CHECK(!strcmp(out[3], "E="));
	CHECK(!out[4]);
	CHECK_EQ(cmdline_environment(words, 0, out), 0);
	CHECK(!out[0]);
}

int main(void)
{
	environment();
	return 0;
}
