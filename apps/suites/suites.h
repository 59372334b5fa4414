/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef SUITES_H
#define SUITES_H

struct suite_program {
	const char *name;
	int (*run)(int argc, char **argv, char **envp);
	struct suite_program *next;
};

/* Enter a program in the table. */
void suite_add(struct suite_program *program);

/*
 * exit() of programs that may be followed by another step: ends the step. In a thread other than the main one, it ends the
 * image.
 */
_Noreturn void suite_exit(int status);

/* files.c: steps, with their words; 0, or 1 having said why not. */
int compare_files(char **words);
int copy_file(char **words);
int copy_lines(char **words);

#endif
