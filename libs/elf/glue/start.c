/* SPDX-License-Identifier: BSD-3-Clause */
#include "../include/elf/program.h"

#include <cpuid.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <uk/syscall.h>

/* Of the program's first stack, which it touches as it needs. */
#define STACK_SIZE (8ul << 20)

static bool load(const char *path, struct elf_loaded *out)
{
	const char *wrong = elf_load(path, out);

	if (!wrong)
		return true;
	if (errno)
		fprintf(stderr, "%s: %s: %s\n", path, wrong, strerror(errno));
	else
		fprintf(stderr, "%s: %s\n", path, wrong);
	return false;
}

static uint64_t processor_features(void)
{
	unsigned a, b, c, d = 0;

	__get_cpuid(1, &a, &b, &c, &d);
	return d;
}

void elf_run(const char *path, char *const argv[], char *const envp[])
{
	struct elf_loaded program, interpreter = { .bias = 0 };
	uint8_t random[16];

	if (!load(path, &program) || (program.interpreter[0] && !load(program.interpreter, &interpreter)))
		return;
	char *stack = mmap(NULL, STACK_SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (stack == MAP_FAILED || getrandom(random, sizeof(random), 0) != sizeof(random)) {
		fprintf(stderr, "%s: no stack: %s\n", path, strerror(errno));
		return;
	}
	const struct elf_loaded *first = program.interpreter[0] ? &interpreter : &program;
	const struct elf_start start = {
		.program = &program,
		.interpreter_base = first == &interpreter ? interpreter.bias : 0,
		.path = path,
		.argv = argv,
		.envp = envp,
		.random = random,
		.features = processor_features(),
	};
	uintptr_t sp = elf_stack(&start, (uintptr_t)stack, (uintptr_t)stack + STACK_SIZE);

	if (sp)
		errno = (int)-uk_program_start(first->program.entry + first->bias, sp);
	else
		errno = E2BIG;
	fprintf(stderr, "%s: cannot be started: %s\n", path, strerror(errno));
}
