/* SPDX-License-Identifier: BSD-3-Clause */
/* The first words of a program's stack: argument count, arguments, environment, auxiliary vector; above them what those point to. */
#include "../include/elf/program.h"

#include <elf.h>
#include <string.h>

#define PAGE 4096
#define RANDOM_SIZE 16
#define WORD sizeof(uint64_t)
#define STACK_ALIGN 16
#define CLOCK_TICKS 100

/* The stack as it grows down; @sp 0: no room any more. */
struct pen {
	uintptr_t bottom, sp;
};

static uintptr_t push(struct pen *pen, const void *data, size_t size)
{
	if (!pen->sp || size > pen->sp - pen->bottom) {
		pen->sp = 0;
		return 0;
	}
	pen->sp -= size;
	return (uintptr_t)memcpy((void *)pen->sp, data, size);
}

static void align(struct pen *pen)
{
	size_t surplus = pen->sp % STACK_ALIGN;

	pen->sp = !pen->sp || pen->sp - pen->bottom < surplus ? 0 : pen->sp - surplus;
}

static uintptr_t push_text(struct pen *pen, const char *text)
{
	return push(pen, text, strlen(text) + 1);
}

static void push_word(struct pen *pen, uint64_t word)
{
	push(pen, &word, sizeof(word));
}

static size_t count(const char *const *list)
{
	size_t n = 0;

	while (list[n])
		n++;
	return n;
}

/* The texts; the first lies highest. Their addresses follow from their lengths. */
static void push_texts(struct pen *pen, const char *const *list)
{
	for (; *list; list++)
		push_text(pen, *list);
}

/* The addresses, the last one first, of texts of which the last lies at @lowest. */
static void push_addresses(struct pen *pen, const char *const *list, uintptr_t lowest)
{
	push_word(pen, 0);
	for (size_t i = count(list); i--;) {
		push_word(pen, lowest);
		lowest += strlen(list[i]) + 1;
	}
}

static void push_auxiliary(struct pen *pen, const struct elf_start *s, uintptr_t path, uintptr_t random, uintptr_t platform)
{
	const struct elf_loaded *l = s->program;
	const uint64_t vector[] = {
		AT_PHDR,        l->program.headers ? l->program.headers + l->bias : 0,
		AT_PHENT,       sizeof(Elf64_Phdr),
		AT_PHNUM,       l->program.header_count,
		AT_PAGESZ,      PAGE,
		AT_BASE,        s->interpreter_base,
		AT_ENTRY,       l->program.entry + l->bias,
		AT_FLAGS,       0,
		AT_UID,         0,
		AT_EUID,        0,
		AT_GID,         0,
		AT_EGID,        0,
		AT_SECURE,      0,
		AT_CLKTCK,      CLOCK_TICKS,
		AT_HWCAP,       s->features,
		AT_HWCAP2,      0, /* FSGSBASE and MWAIT: not promised */
		AT_RANDOM,      random,
		AT_EXECFN,      path,
		AT_PLATFORM,    platform,
		AT_MINSIGSTKSZ, s->signal_stack,
		AT_NULL,        0,
	};

	push(pen, vector, sizeof(vector));
}

uintptr_t elf_stack(const struct elf_start *s, uintptr_t bottom, uintptr_t top)
{
	struct pen pen = { bottom, top };
	const size_t args = count(s->argv), vars = count(s->envp);
	uintptr_t path = push_text(&pen, s->path), platform = push_text(&pen, "x86_64");
	uintptr_t random = push(&pen, s->random, RANDOM_SIZE), lowest_var, lowest_arg;

	push_texts(&pen, s->envp);
	lowest_var = pen.sp;
	push_texts(&pen, s->argv);
	lowest_arg = pen.sp;
	/* Below are pairs, both lists with their ends, and the count: an even number of words makes the stack pointer a multiple of 16. */
	align(&pen);
	if ((args + vars + 3) % 2)
		push_word(&pen, 0);
	push_auxiliary(&pen, s, path, random, platform);
	push_addresses(&pen, s->envp, lowest_var);
	push_addresses(&pen, s->argv, lowest_arg);
	push_word(&pen, args);
	return pen.sp;
}
