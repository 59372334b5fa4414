/* SPDX-License-Identifier: BSD-3-Clause */
#include "../include/elf/program.h"

#include <core/program.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <uk/syscall.h>

/* Without a reason of the library's own, the error says it. */
static void complain(const struct program_image *image, int error)
{
	if (error == ENOEXEC || error == EACCES)
		fprintf(stderr, "%s: %s\n", image->which, image->wrong);
	else
		fprintf(stderr, "%s: %s: %s\n", image->which, image->wrong, strerror(error));
}

void elf_run(const char *path, char *const argv[], char *const envp[])
{
	struct program_start start = {
		.path = path,
		.argv = (const char *const *)argv,
		.envp = (const char *const *)envp,
	};
	struct program_image image = { .which = path, .wrong = "cannot be opened" };
	int error = -program_open(path, &start.file);

	if (!error) {
		start.owner = program_new_owner(start.file);
		error = -program_load(&start, &image);
		program_close(start.file);
	}
	if (!error) {
		image.wrong = "cannot be started";
		error = (int)-uk_program_start(image.entry, image.sp);
	}
	complain(&image, error);
}
