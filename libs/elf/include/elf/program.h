/* SPDX-License-Identifier: BSD-3-Clause */
/* Programs as files in the Executable and Linkable Format (System V ABI, chapters 4 and 5, and its supplement for x86-64). */
#ifndef ELF_PROGRAM_H
#define ELF_PROGRAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ELF_SEGMENTS_MAX 16
#define ELF_INTERPRETER_MAX 256
#define ELF_HEAD_SIZE 4096 /* both headers lie in a file's first bytes */

/* What is loaded at a place of its own. Addresses are those of the file; the bias is added to them. */
struct elf_segment {
	uint64_t address, memory_size, file_size, offset;
	int prot; /* PROT_* */
};

/* A program file, as far as loading it needs. All sums of fields are in range once elf_parse() has passed it. */
struct elf_program {
	uint64_t entry;
	uint64_t headers; /* address of the program headers, or 0: not in memory */
	unsigned header_count;
	bool movable; /* it may be loaded anywhere (ET_DYN) */
	uint64_t start, end; /* what its segments cover, whole pages */
	uint64_t interpreter_offset, interpreter_size; /* of the interpreter's path, with its final zero; size 0: none */
	unsigned count;
	struct elf_segment segments[ELF_SEGMENTS_MAX];
};

/*
 * Look at the @size bytes at @head, with which a file of @file_size bytes starts: all of it or ELF_HEAD_SIZE bytes. Returns NULL and *@out, or
 * what is wrong, a static string.
 */
const char *elf_parse(const void *head, size_t size, uint64_t file_size, struct elf_program *out);

/* A program in memory. */
struct elf_loaded {
	struct elf_program program;
	uint64_t bias; /* between addresses in the file and in memory */
	char interpreter[ELF_INTERPRETER_MAX]; /* path; empty: none */
};

/* What a program finds on its stack, beside its arguments and environment. */
struct elf_start {
	const struct elf_loaded *program;
	uint64_t interpreter_base; /* 0: none */
	const char *path;
	const char *const *argv, *const *envp;
	const uint8_t *random; /* 16 bytes */
	uint64_t features; /* AT_HWCAP: CPUID leaf 1, EDX */
	uint64_t signal_stack; /* AT_MINSIGSTKSZ: what a handler's frame takes, in bytes */
};

/*
 * Lay out the start of a program's stack below @top, in memory down to @bottom, as the ABI has it. Returns the stack pointer, or 0: no room.
 */
uintptr_t elf_stack(const struct elf_start *start, uintptr_t bottom, uintptr_t top);

/*
 * The calling thread becomes the program at @path, a file, with these arguments and environment, terminated by NULL. Returns only if it cannot, after
 * a line on standard error.
 */
void elf_run(const char *path, char *const argv[], char *const envp[]);

#endif
