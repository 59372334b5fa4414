/* SPDX-License-Identifier: BSD-3-Clause */
#include <core/boot.h>

#include <arch/context.h>
#include <core/init.h>
#include <core/log.h>
#include <core/random.h>
#include <core/sched.h>
#include <core/stack_guard.h>
#include <core/string.h>
#include <core/thread.h>
#include <core/version.h>
#include <core/vmem.h>
#include <plat/plat.h>
#include <plat/thread.h>

#include "cmdline.h"

#define WORDS_MAX 512
#define NAME_DEFAULT "app"
#define EXIT_MAX 8

extern const struct init_entry __initcall_start[], __initcall_end[];

static char *words[WORDS_MAX + 2];
static int kernel_words, argc;
char **boot_argv, **boot_environment;
const unsigned long *boot_auxv;
size_t boot_thread_stack;
static void (*exit_functions[EXIT_MAX])(void);
static unsigned exit_count;

const char *boot_argument(const char *name)
{
	size_t n = strlen(name);

	for (int i = 0; i < kernel_words; i++) {
		if (strncmp(words[i], name, n))
			continue;
		if (words[i][n] == '=')
			return words[i] + n + 1;
		if (!words[i][n])
			return words[i] + n;
	}
	return NULL;
}

/*
 * Arguments before "--" are the kernel's, those after it the application's. Some loaders put the image's file name first: it becomes
 * the application's name, as does "name=".
 */
static void parse_command_line(void)
{
	static char name[] = NAME_DEFAULT;
	int n = cmdline_split((char *)plat_cmdline(), words, WORDS_MAX);

	if (n < 0) {
		pr_err("command line: more than %d words, or an open quote", WORDS_MAX);
		plat_shutdown(2);
	}
	while (kernel_words < n && strcmp(words[kernel_words], "--"))
		kernel_words++;
	boot_argv = words + kernel_words;
	argc = n - kernel_words;
	if (!argc)
		argc = 1;
	boot_argv[0] = name;
	boot_argv[argc] = NULL;
}

static void set_log_level(void)
{
	const char *level = boot_argument("loglevel");

	if (level)
		log_level = strtou64(level, NULL, 10);
}

static void run_initcalls(void)
{
	for (const struct init_entry *e = __initcall_start; e < __initcall_end; e++) {
		int ret = e->fn();

		if (ret)
			pr_err("%s: failed: errno %d", e->name, -ret);
	}
}

static void start_application(void *arg __unused)
{
	static char *environment[WORDS_MAX + 1];

	boot_environment = environment;
	cmdline_environment(words, kernel_words, environment);
	uk_libc_start(argc, boot_argv, environment);
}

void boot_at_exit(void (*fn)(void))
{
	ASSERT(exit_count < EXIT_MAX);
	exit_functions[exit_count++] = fn;
}

void boot_exit(int status)
{
	/* Not twice, should one of them end the program. */
	while (exit_count)
		exit_functions[--exit_count]();
	alloc_check();
	plat_shutdown(status);
}

__attribute__((no_stack_protector)) static void choose_stack_guard(void)
{
	uintptr_t value;

	random_bytes(&value, sizeof(value));
	stack_guard_set(value);
}

void boot_main(void)
{
	choose_stack_guard();
	parse_command_line();
	set_log_level();
	pr_info("Unidom " UNIDOM_VERSION);
	if (!boot_argument("norandom"))
		vmem_randomize();
	sched_start();
	run_initcalls();

	size_t size = plat_stacks_backed() ? BOOT_STACK_BACKED : BOOT_STACK_SIZE;
	long stack = vmem_stack_alloc(size, vmem_random_place());

	boot_thread_stack = plat_stacks_backed() ? 0 : size;
	if (stack < 0 || vmem_back_stack(stack, size))
		panic("no room for the first thread's stack");
	arch_jump_to_stack(start_application, NULL, stack + size);
}
