/* SPDX-License-Identifier: BSD-3-Clause */
/* Becomes the Linux program that the first argument names. Fails like a shell: 127 not found, 126 cannot be run, 2 for no name. */
#include <elf/program.h>
#include <stdio.h>
#include <unistd.h>

extern char **environ;

int main(int argc, char **argv)
{
	if (argc < 2) {
		fprintf(stderr, "elfloader: the first argument is the program's path\n");
		return 2;
	}
	if (access(argv[1], F_OK)) {
		perror(argv[1]);
		return 127;
	}
	elf_run(argv[1], argv + 1, environ);
	return 126;
}
