/* SPDX-License-Identifier: BSD-3-Clause */
/* A program with its interpreter and its stack, for the kernel: core/program.h. */
#include "load.h"

#include <core/init.h>
#include <cpuid.h>
#include <errno.h>
#include <string.h>
#include <sys/mman.h>

/* Of the program's first stack, which it touches as it needs. */
#define STACK_SIZE (8ul << 20)

static uint64_t processor_features(void)
{
	unsigned a, b, c, d = 0;

	__get_cpuid(1, &a, &b, &c, &d);
	return d;
}

/* A signal's frame: what is always in it with what that is aligned to, and the extended state, whose size leaf 13 tells. */
static uint64_t signal_stack(void)
{
	unsigned a, size = 512, c, d;

	__get_cpuid_count(13, 0, &a, &size, &c, &d);
	return 1536 + size;
}

/* For messages, which are about the last one that could not be loaded. */
static const char *name_of(const char path[ELF_INTERPRETER_MAX])
{
	static char name[ELF_INTERPRETER_MAX];

	memcpy(name, path, sizeof(name));
	return name;
}

/* The interpreter of @program, whose path stays in it. */
static int load_interpreter(const struct elf_loaded *program, unsigned owner, struct elf_loaded *out,
                            struct program_image *image)
{
	struct elf_file f = { .owner = owner };
	int error = 0;

	image->which = name_of(program->interpreter);
	error = -program_open(program->interpreter, &f.file);
	if (error) {
		image->wrong = "cannot be opened";
		return -error;
	}
	image->wrong = elf_load(&f, out, &error);
	program_close(f.file);
	return image->wrong ? -error : 0;
}

static int make_stack(const struct program_start *s, struct elf_start *start, struct program_image *out)
{
	const struct program_map m = { .size = STACK_SIZE, .prot = PROT_READ | PROT_WRITE, .owner = s->owner };
	uint8_t random[16];
	long stack = program_map(&m);

	out->which = s->path;
	out->wrong = "no stack";
	if (stack < 0)
		return (int)stack;
	program_random(random, sizeof(random));
	start->random = random;
	out->sp = elf_stack(start, (uintptr_t)stack, (uintptr_t)stack + STACK_SIZE);
	return out->sp ? 0 : -E2BIG;
}

static int load(const struct program_start *s, struct program_image *out)
{
	const struct elf_file f = { s->file, s->owner };
	struct elf_loaded program, interpreter;
	const struct elf_loaded *first = &program;
	int error = 0;

	out->which = s->path;
	out->wrong = elf_load(&f, &program, &error);
	if (out->wrong)
		return -error;
	if (program.interpreter[0]) {
		int ret = load_interpreter(&program, s->owner, &interpreter, out);

		if (ret)
			return ret;
		first = &interpreter;
	}
	struct elf_start start = {
		.program = &program,
		.interpreter_base = first == &interpreter ? interpreter.bias : 0,
		.path = s->path,
		.argv = s->argv,
		.envp = s->envp,
		.features = processor_features(),
		.signal_stack = signal_stack(),
	};

	out->entry = first->program.entry + first->bias;
	return make_stack(s, &start, out);
}

static int elf_init(void)
{
	program_register(load);
	return 0;
}
INITCALL(INIT_SERVICES, elf_init);
