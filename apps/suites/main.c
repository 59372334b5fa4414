/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Runs programs of upstream test suites. The arguments are steps with "+" between them, each a program's name or one of
 * these, with arguments; the first step that fails ends the run with its status:
 *
 *   list                    the programs there are
 *   compare FILE EXPECTED   fails unless the files are equal
 *   copy FILE TO
 *   lines FILE TO A B       the same, from line A to line B
 *   append FILE             standard output of the steps behind it goes to the end of the file
 *   input FILE              standard input of the steps behind it comes from the file
 *
 * A program that calls exit() ends the run; as long as steps are left that is a failure.
 */
#include <errno.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "suites.h"

#define USAGE_ERROR 120
#define ENDED_EARLY 121

extern char **environ;

static struct suite_program *programs;
static bool steps_left;
static jmp_buf step_end;
static pthread_t step_thread;

void suite_add(struct suite_program *program)
{
	program->next = programs;
	programs = program;
}

void suite_exit(int status)
{
	if (!pthread_equal(pthread_self(), step_thread))
		exit(status);
	longjmp(step_end, status + 1);
}

static void ended_early(void)
{
	if (!steps_left)
		return;
	fprintf(stderr, "suites: exit() before the last step\n");
	_exit(ENDED_EARLY);
}

static int usage(const char *why, const char *what)
{
	fprintf(stderr, "suites: %s %s\n", why, what);
	return USAGE_ERROR;
}

static int list(void)
{
	for (struct suite_program *p = programs; p; p = p->next)
		printf("%s\n", p->name);
	return 0;
}

static int redirect(const char *path, const char *mode, FILE *stream)
{
	fflush(stream);
	if (freopen(path, mode, stream))
		return 0;
	perror(path);
	return 1;
}

static const struct suite_program *find(const char *name)
{
	const struct suite_program *p = programs;

	while (p && strcmp(p->name, name))
		p = p->next;
	return p;
}

/* C11 7.5: a program starts with errno zero, whatever constructors and the step before it left there. */
static __attribute__((__noinline__)) int until_exit(const struct suite_program *p, int argc, char **argv)
{
	int end = setjmp(step_end);

	errno = 0;
	return end ? end - 1 : p->run(argc, argv, environ);
}

/* A program sees its name as that of a file in the root folder: some look for their data beside themselves. */
static int run_program(int argc, char **argv)
{
	const struct suite_program *p = find(argv[0]);

	if (!p)
		return usage("there is no program", argv[0]);
	argv[0] = strrchr(argv[0], '/');
	return until_exit(p, argc, argv);
}

static int run_step(int argc, char **argv)
{
	if (!strcmp(argv[0], "list"))
		return list();
	if (!strcmp(argv[0], "compare") && argc == 3)
		return compare_files(argv);
	if (!strcmp(argv[0], "copy") && argc == 3)
		return copy_file(argv);
	if (!strcmp(argv[0], "lines") && argc == 5)
		return copy_lines(argv);
	if (!strcmp(argv[0], "append") && argc == 2)
		return redirect(argv[1], "a", stdout);
	if (!strcmp(argv[0], "input") && argc == 2)
		return redirect(argv[1], "r", stdin);
	return run_program(argc, argv);
}

int main(int argc, char **argv)
{
	int status = 0;

	step_thread = pthread_self();
	atexit(ended_early);
	for (int first = 1, end; first < argc && !status; first = end + 1) {
		for (end = first; end < argc && strcmp(argv[end], "+"); end++)
			;
		if (end == first)
			return usage("an empty step before", end + 1 < argc ? argv[end + 1] : "the end");
		argv[end < argc ? end : argc] = NULL;
		steps_left = end < argc;
		status = run_step(end - first, argv + first);
		alarm(0); /* that of a test which did not need it */
		fflush(stdout);
	}
	steps_left = false;
	return argc < 2 ? usage("no", "steps") : status;
}
