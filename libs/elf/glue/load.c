/* SPDX-License-Identifier: BSD-3-Clause */
#include "../include/elf/program.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define PAGE 4096ull

/* All of the program's place at once: what lies between segments stays without access. */
static const char *reserve(struct elf_loaded *l)
{
	const struct elf_program *p = &l->program;
	const int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | (p->movable ? 0 : MAP_FIXED_NOREPLACE);
	void *place = mmap(p->movable ? NULL : (void *)p->start, p->end - p->start, PROT_NONE, flags, -1, 0);

	if (place == MAP_FAILED)
		return p->movable ? "no room in the address space" : "the place that it is linked for is taken";
	l->bias = (uint64_t)place - p->start;
	return NULL;
}

static bool map(uint64_t from, uint64_t to, int prot, int fd, uint64_t offset)
{
	const int flags = MAP_PRIVATE | MAP_FIXED | (fd < 0 ? MAP_ANONYMOUS : 0);

	return from == to || mmap((void *)from, to - from, prot, flags, fd, (off_t)offset) != MAP_FAILED;
}

static const char *load_segment(const struct elf_loaded *l, const struct elf_segment *s, int fd)
{
	uint64_t address = s->address + l->bias, skew = address % PAGE, from = address - skew;
	uint64_t file_end = address + s->file_size, end = (address + s->memory_size + PAGE - 1) & ~(PAGE - 1);
	uint64_t file_pages_end = s->file_size ? (file_end + PAGE - 1) & ~(PAGE - 1) : from;

	if (!map(from, file_pages_end, s->prot, fd, s->offset - skew) || !map(file_pages_end, end, s->prot, -1, 0))
		return "a segment cannot be mapped";
	/* The last page has more of the file; nobody counts on zeroes where nobody writes. */
	if (s->memory_size > s->file_size && s->file_size && s->prot & PROT_WRITE)
		memset((void *)file_end, 0, file_pages_end - file_end);
	return NULL;
}

static const char *read_interpreter(struct elf_loaded *l, int fd)
{
	const size_t size = l->program.interpreter_size;

	if (pread(fd, l->interpreter, size, (off_t)l->program.interpreter_offset) != (ssize_t)size)
		return "the interpreter's path cannot be read";
	return size && l->interpreter[size - 1] ? "the interpreter's path has no end" : NULL;
}

static const char *load_open(int fd, struct elf_loaded *l)
{
	char head[ELF_HEAD_SIZE];
	struct stat st;
	const char *wrong;
	ssize_t got;

	if (fstat(fd, &st))
		return "cannot be looked at";
	if (!S_ISREG(st.st_mode))
		return "not a regular file";
	got = pread(fd, head, sizeof(head), 0);
	if (got < 0)
		return "cannot be read";
	wrong = elf_parse(head, (size_t)got, (uint64_t)st.st_size, &l->program);
	if (!wrong)
		wrong = read_interpreter(l, fd);
	if (!wrong)
		wrong = reserve(l);
	for (unsigned i = 0; i < l->program.count && !wrong; i++)
		wrong = load_segment(l, &l->program.segments[i], fd);
	return wrong;
}

const char *elf_load(const char *path, struct elf_loaded *out)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	const char *wrong;

	memset(out, 0, sizeof(*out));
	if (fd < 0)
		return "cannot be opened";
	errno = 0;
	wrong = load_open(fd, out);
	close(fd);
	return wrong;
}
