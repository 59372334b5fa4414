/* SPDX-License-Identifier: BSD-3-Clause */
/* Shared by the files of posix/exec only. */
#ifndef POSIX_EXEC_EXEC_H
#define POSIX_EXEC_EXEC_H

#include <core/base.h>
#include <core/vfs.h>

/* Strings, the list of which ends with NULL, in the program's memory or the kernel's. */
typedef const char *const *strings;

#define SCRIPTS_MAX 5

/* Is the list of @value, an argument of the program's, and all in it readable, and together with *@size, to which it adds, not too long? -EFAULT, -E2BIG. */
int list_check(unsigned long value, size_t *size);
/* The same for one string: a path. -ENAMETOOLONG. */
int text_check(unsigned long value);
size_t list_length(strings list);

/* What is to run: changes when that turns out to be a script. */
struct command {
	const char *path; /* of @file */
	struct file *file; /* counted */
	strings argv;
	int depth; /* so many scripts, one the other's interpreter: their first lines, and the lists of arguments that have parts of them */
	char *lines[SCRIPTS_MAX];
	const char **lists[SCRIPTS_MAX];
};

/* Open @path, which must be a program or script as far as its mode tells. -EACCES, and what open(2) says. */
int command_open(const char *path, struct file **out);
void command_free(struct command *c);
/* If @c is a script it becomes its interpreter with the script as an argument. -ENOEXEC for a bad first line; -ENOMEM, and what command_open() says. */
int command_resolve(struct command *c);

#endif
