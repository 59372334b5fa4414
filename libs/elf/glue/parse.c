/* SPDX-License-Identifier: BSD-3-Clause */
/* A program file's headers. Whoever made the file decides what they say, so no sum or place is believed. */
#include "../include/elf/program.h"

#include <elf.h>
#include <string.h>
#include <sys/mman.h>

#define PAGE 4096ull
#define ADDRESS_END (1ull << 47)

static uint64_t page_down(uint64_t x)
{
	return x & ~(PAGE - 1);
}

static uint64_t page_up(uint64_t x)
{
	return page_down(x + PAGE - 1);
}

static const char *check_header(const Elf64_Ehdr *h)
{
	if (memcmp(h->e_ident, ELFMAG, SELFMAG))
		return "not an ELF file";
	if (h->e_ident[EI_CLASS] != ELFCLASS64 || h->e_ident[EI_DATA] != ELFDATA2LSB || h->e_machine != EM_X86_64)
		return "not for x86-64";
	if (h->e_type != ET_EXEC && h->e_type != ET_DYN)
		return "not a program";
	if (h->e_ident[EI_VERSION] != EV_CURRENT || h->e_phentsize != sizeof(Elf64_Phdr) || !h->e_phnum)
		return "program headers of another kind, or none";
	return NULL;
}

static int protection(uint32_t flags)
{
	return (flags & PF_R ? PROT_READ : 0) | (flags & PF_W ? PROT_WRITE : 0) | (flags & PF_X ? PROT_EXEC : 0);
}

static const char *add_segment(const Elf64_Phdr *p, uint64_t file_size, struct elf_program *out)
{
	struct elf_segment *s = &out->segments[out->count];

	if (!p->p_memsz)
		return NULL;
	if (out->count == ELF_SEGMENTS_MAX)
		return "too many segments";
	if (p->p_vaddr >= ADDRESS_END || p->p_memsz > ADDRESS_END - PAGE - p->p_vaddr)
		return "a segment's address or size is out of range";
	if (p->p_filesz > p->p_memsz || p->p_offset > file_size || p->p_filesz > file_size - p->p_offset)
		return "a segment is not within the file";
	if (p->p_vaddr % PAGE != p->p_offset % PAGE)
		return "a segment's place in a page differs between file and memory";
	if (out->count && page_down(p->p_vaddr) < out->end)
		return "segments overlap, or are not in order";
	if (!out->count)
		out->start = page_down(p->p_vaddr);
	out->end = page_up(p->p_vaddr + p->p_memsz);
	*s = (struct elf_segment){ p->p_vaddr, p->p_memsz, p->p_filesz, p->p_offset, protection(p->p_flags) };
	out->count++;
	return NULL;
}

static const char *set_interpreter(const Elf64_Phdr *p, uint64_t file_size, struct elf_program *out)
{
	if (p->p_filesz < 2 || p->p_filesz > ELF_INTERPRETER_MAX || p->p_offset > file_size ||
	    p->p_filesz > file_size - p->p_offset)
		return "the interpreter's path is too long, or not within the file";
	out->interpreter_offset = p->p_offset;
	out->interpreter_size = p->p_filesz;
	return NULL;
}

static const char *take(const Elf64_Phdr *p, uint64_t file_size, struct elf_program *out)
{
	switch (p->p_type) {
	case PT_LOAD:
		return add_segment(p, file_size, out);
	case PT_INTERP:
		return set_interpreter(p, file_size, out);
	default:
		return NULL;
	}
}

/* Where the program headers are in memory: some segment has that part of the file. */
static uint64_t headers_address(const struct elf_program *program, uint64_t offset, uint64_t size)
{
	for (unsigned i = 0; i < program->count; i++) {
		const struct elf_segment *s = &program->segments[i];

		if (offset >= s->offset && offset - s->offset <= s->file_size && size <= s->file_size - (offset - s->offset))
			return s->address + (offset - s->offset);
	}
	return 0;
}

static bool is_code(const struct elf_program *program, uint64_t address)
{
	for (unsigned i = 0; i < program->count; i++) {
		const struct elf_segment *s = &program->segments[i];

		if (s->prot & PROT_EXEC && address >= s->address && address - s->address < s->memory_size)
			return true;
	}
	return false;
}

const char *elf_parse(const void *head, size_t size, uint64_t file_size, struct elf_program *out)
{
	const char *wrong;
	Elf64_Ehdr h;

	memset(out, 0, sizeof(*out));
	if (size < sizeof(h) || size > file_size)
		return "too short for an ELF file";
	memcpy(&h, head, sizeof(h));
	wrong = check_header(&h);
	if (wrong)
		return wrong;
	const uint64_t table = (uint64_t)h.e_phnum * sizeof(Elf64_Phdr);

	if (h.e_phoff > size || table > size - h.e_phoff)
		return "the program headers are not at the file's start";
	for (unsigned i = 0; i < h.e_phnum; i++) {
		Elf64_Phdr p;

		memcpy(&p, (const char *)head + h.e_phoff + i * sizeof(p), sizeof(p));
		wrong = take(&p, file_size, out);
		if (wrong)
			return wrong;
	}
	out->entry = h.e_entry;
	out->movable = h.e_type == ET_DYN;
	out->header_count = h.e_phnum;
	out->headers = headers_address(out, h.e_phoff, table);
	return is_code(out, out->entry) ? NULL : "the entry is not in code";
}
