/* SPDX-License-Identifier: BSD-3-Clause */
/* Calls a target once for each file named, without libFuzzer. */
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "input.h"

#define INPUT_MAX (1 << 20)

static void replay(const char *path)
{
	static uint8_t buffer[INPUT_MAX];
	FILE *f = fopen(path, "rb");

	if (!f) {
		fprintf(stderr, "%s: cannot be read\n", path);
		exit(2);
	}
	size_t n = fread(buffer, 1, sizeof(buffer), f);

	fclose(f);
	/* Memory of exactly its size: a read behind it is seen. */
	uint8_t *copy = malloc(n ? n : 1);

	memcpy(copy, buffer, n);
	LLVMFuzzerTestOneInput(copy, n);
	free(copy);
}

int main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++)
		replay(argv[i]);
	return 0;
}
