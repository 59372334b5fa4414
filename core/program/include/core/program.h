/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Programs in files: the door between the kernel, which starts them, and the library that knows their format. All calls are for thread context and
 * may sleep; results are 0, or -Exxx, unless said otherwise.
 */
#ifndef CORE_PROGRAM_H
#define CORE_PROGRAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct file;

/* What is to be loaded, and what it is to find on its stack. */
struct program_start {
	struct file *file;
	const char *path; /* what the program is told */
	const char *const *argv, *const *envp;
	unsigned owner; /* of its memory: see vmem_unmap_owned() */
};

/* A program in memory: where it begins, and its stack pointer. */
struct program_image {
	uintptr_t entry, sp;
	const char *wrong; /* if that failed: what, and with which file; the library's texts, or the caller's path */
	const char *which;
};

/* --- the kernel's side ---------------------------------------------------------------------------------------------------------- */

/*
 * Load @s. -ENOEXEC: it is no program that the library knows; -ENOENT: its interpreter is not there; -ENOMEM, -E2BIG, -EIO. What was mapped then
 * stays the owner's.
 */
int program_load(const struct program_start *s, struct program_image *out);

/* --- the library's side --------------------------------------------------------------------------------------------------------- */

/* How to load; once, at the boot. */
void program_register(int (*load)(const struct program_start *s, struct program_image *out));

/* The calling process becomes that of the program in @f, with what is loaded for the result as its memory; what it had so far stays. */
unsigned program_new_owner(struct file *f);

/* Open a file for reading; a relative path counts from the root. Returns 0, or what open(2) says; the caller closes it. */
int program_open(const char *path, struct file **out);
void program_close(struct file *f);
/* -EACCES: not a regular file. */
int program_size(struct file *f, uint64_t *size);
/* All of [@offset, @offset + @size) into @buf. -EIO: there is less. */
int program_read(struct file *f, void *buf, size_t size, uint64_t offset);

/* A mapping to be made: whole pages. */
struct program_map {
	uintptr_t at; /* 0: anywhere, and nothing else is there */
	size_t size;
	int prot; /* PROT_* */
	bool replace; /* what is at @at; else it must be free */
	struct file *file; /* NULL: zeroes */
	uint64_t offset;
	unsigned owner;
};

/* Returns the address, or -Exxx. */
long program_map(const struct program_map *m);

/* @size random bytes. */
void program_random(void *buf, size_t size);

#endif
