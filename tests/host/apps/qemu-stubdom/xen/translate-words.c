/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A program for tests/test_arguments.py: what translate() makes of its arguments, a line each on standard output, and what it says.
 * hosted: it sees what the C library has.
 * sources: apps/qemu-stubdom/xen/translate.c apps/qemu-stubdom/xen/vector.c
 */
#include "../../../../../apps/qemu-stubdom/xen/translate.h"

#include <stdio.h>

int main(int argc, char **argv)
{
	struct vector out = { 0 };
	struct demands demands;

	if (!translate(&out, argv + 1, argc - 1, &demands))
		return 1;
	for (int i = 0; i < out.count; i++)
		puts(out.items[i]);
	vector_drop(&out);
	return 0;
}
