/* SPDX-License-Identifier: BSD-3-Clause */
/* A program file into memory. */
#include "load.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>

#define PAGE 4096ull

static bool map(uint64_t from, uint64_t to, int prot, const struct elf_file *f, uint64_t offset)
{
	const struct program_map m = { .at = from,
		                       .size = to - from,
		                       .prot = prot,
		                       .replace = true,
		                       .file = f->file,
		                       .offset = offset,
		                       .owner = f->owner };

	return from == to || program_map(&m) >= 0;
}

/* All of the program's place at once: what lies between segments stays without access. */
static const char *reserve(struct elf_loaded *l, unsigned owner, int *error)
{
	const struct elf_program *p = &l->program;
	const struct program_map m = { .at = p->movable ? 0 : p->start, .size = p->end - p->start, .owner = owner };
	long place = program_map(&m);

	*error = ENOMEM;
	if (place < 0)
		return p->movable ? "no room in the address space"
		                  : "the place that it is linked for is taken, by another such program or by the image";
	l->bias = (uint64_t)place - p->start;
	return NULL;
}

static const char *load_segment(const struct elf_loaded *l, const struct elf_segment *s, const struct elf_file *f)
{
	const struct elf_file zeroes = { .owner = f->owner };
	uint64_t address = s->address + l->bias, skew = address % PAGE, from = address - skew;
	uint64_t file_end = address + s->file_size, end = (address + s->memory_size + PAGE - 1) & ~(PAGE - 1);
	uint64_t file_pages_end = s->file_size ? (file_end + PAGE - 1) & ~(PAGE - 1) : from;

	if (!map(from, file_pages_end, s->prot, f, s->offset - skew) || !map(file_pages_end, end, s->prot, &zeroes, 0))
		return "a segment cannot be mapped";
	/* The last page has more of the file; nobody counts on zeroes where nobody writes. */
	if (s->memory_size > s->file_size && s->file_size && s->prot & PROT_WRITE)
		memset((void *)file_end, 0, file_pages_end - file_end);
	return NULL;
}

static const char *read_interpreter(struct elf_loaded *l, struct file *f, int *error)
{
	const size_t size = l->program.interpreter_size;

	*error = EIO;
	if (size && program_read(f, l->interpreter, size, l->program.interpreter_offset))
		return "the interpreter's path cannot be read";
	*error = ENOEXEC;
	return size && l->interpreter[size - 1] ? "the interpreter's path has no end" : NULL;
}

static const char *read_headers(struct file *f, struct elf_program *out, int *error)
{
	char head[ELF_HEAD_SIZE];
	uint64_t size;

	*error = -program_size(f, &size);
	if (*error)
		return *error == EACCES ? "not a regular file" : "cannot be looked at";
	const size_t known = size < sizeof(head) ? size : sizeof(head);

	*error = -program_read(f, head, known, 0);
	if (*error)
		return "cannot be read";
	*error = ENOEXEC;
	return elf_parse(head, known, size, out);
}

const char *elf_load(const struct elf_file *f, struct elf_loaded *l, int *error)
{
	const char *wrong;

	memset(l, 0, sizeof(*l));
	wrong = read_headers(f->file, &l->program, error);
	if (!wrong)
		wrong = read_interpreter(l, f->file, error);
	if (!wrong)
		wrong = reserve(l, f->owner, error);
	for (unsigned i = 0; i < l->program.count && !wrong; i++)
		wrong = load_segment(l, &l->program.segments[i], f);
	return wrong;
}
