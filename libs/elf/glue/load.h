/* SPDX-License-Identifier: BSD-3-Clause */
/* Shared by the files of libs/elf/glue that work on the kernel's side: they may run in the middle of a program's system call. */
#ifndef ELF_LOAD_H
#define ELF_LOAD_H

#include "../include/elf/program.h"

#include <core/program.h>

/* A file to load, and whose its memory is to be. */
struct elf_file {
	struct file *file;
	unsigned owner;
};

/* Load it. Returns NULL and *@out, or what is wrong, a static string, and the error number that says it. */
const char *elf_load(const struct elf_file *f, struct elf_loaded *out, int *error);

#endif
