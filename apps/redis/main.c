/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Redis saves by itself after some writes, in a process of its own, and refuses further writes if that fails. There is one process here: the default
 * is not to save. Arguments of the user come later and win.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int redis_main(int argc, char **argv);

static char *defaults[] = { "--save", "" };

#define DEFAULTS (sizeof(defaults) / sizeof(defaults[0]))

/* An option that is the only one: redis prints something and ends. */
static int is_question(const char *word)
{
	return !strcmp(word, "--version") || !strcmp(word, "-v") || !strcmp(word, "--help") || !strcmp(word, "-h") ||
	       !strcmp(word, "--check-system") || !strcmp(word, "--test-memory");
}

int main(int argc, char **argv)
{
	char **words;
	int n = 0, from = 1;

	if (argc > 1 && is_question(argv[1]))
		return redis_main(argc, argv);
	words = calloc((size_t)argc + DEFAULTS + 1, sizeof(*words));
	if (!words) {
		perror("redis: arguments");
		return 1;
	}
	words[n++] = argv[0];
	if (argc > 1 && argv[1][0] != '-')
		words[n++] = argv[from++]; /* the file of settings comes first, or not at all */
	for (size_t i = 0; i < DEFAULTS; i++)
		words[n++] = defaults[i];
	while (from < argc)
		words[n++] = argv[from++];
	return redis_main(n, words);
}
