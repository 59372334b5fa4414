/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Headers of programs: a right one, and each field of it wrong; and a program's first words on its stack.
 * hosted: this side of the C library's headers.
 * sources: libs/elf/glue/parse.c libs/elf/glue/stack.c
 */
#include "../../../../libs/elf/include/elf/program.h"

#include <elf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FILE_SIZE 0x3000

#define CHECK(cond) \
	do { \
		if (!(cond)) { \
			printf("%s:%d: not true: %s\n", __FILE__, __LINE__, #cond); \
			exit(1); \
		} \
	} while (0)

struct file {
	Elf64_Ehdr h;
	Elf64_Phdr p[3];
};

static struct file good(void)
{
	return (struct file){
		.h = {
			.e_ident = { ELFMAG0, ELFMAG1, ELFMAG2, ELFMAG3, ELFCLASS64, ELFDATA2LSB, EV_CURRENT },
			.e_type = ET_DYN,
			.e_machine = EM_X86_64,
			.e_entry = 0x1010,
			.e_phoff = offsetof(struct file, p),
			.e_phentsize = sizeof(Elf64_Phdr),
			.e_phnum = 3,
		},
		.p = {
			{ .p_type = PT_LOAD, .p_flags = PF_R, .p_filesz = 0x200, .p_memsz = 0x200 },
			{ .p_type = PT_LOAD, .p_flags = PF_R | PF_X, .p_offset = 0x1000, .p_vaddr = 0x1000, .p_filesz = 0x800, .p_memsz = 0x1800 },
			{ .p_type = PT_INTERP, .p_offset = 0x100, .p_filesz = 0x10 },
		},
	};
}

static struct elf_program out;

static const char *parse(const struct file *f)
{
	return elf_parse(f, sizeof(*f), FILE_SIZE, &out);
}

static void test_good(void)
{
	struct file f = good();

	CHECK(!parse(&f));
	CHECK(out.movable && out.count == 2 && out.start == 0 && out.end == 0x3000 && out.entry == 0x1010);
	CHECK(out.headers == offsetof(struct file, p) && out.header_count == 3);
	CHECK(out.interpreter_offset == 0x100 && out.interpreter_size == 0x10);
	f.h.e_type = ET_EXEC;
	f.p[2].p_type = PT_NULL;
	CHECK(!parse(&f) && !out.movable && !out.interpreter_size);
	f.p[0].p_memsz = f.p[0].p_filesz = 0; /* nothing to load: the headers are not in memory then */
	CHECK(!parse(&f) && out.count == 1 && !out.headers);
}

/* One field of the good file with a value that must be refused. */
#define REFUSED(field, value) \
	do { \
		struct file f = good(); \
		f.field = value; \
		CHECK(parse(&f)); \
	} while (0)

static void test_bad(void)
{
	REFUSED(h.e_ident[0], 0);
	REFUSED(h.e_ident[EI_CLASS], ELFCLASS32);
	REFUSED(h.e_ident[EI_DATA], ELFDATA2MSB);
	REFUSED(h.e_machine, EM_AARCH64);
	REFUSED(h.e_type, ET_REL);
	REFUSED(h.e_type, ET_CORE);
	REFUSED(h.e_phentsize, sizeof(Elf64_Phdr) - 1);
	REFUSED(h.e_phnum, 0);
	REFUSED(h.e_phnum, 4);
	REFUSED(h.e_phnum, 0xffff);
	REFUSED(h.e_phoff, sizeof(struct file) + 1);
	REFUSED(h.e_phoff, UINT64_MAX);
	REFUSED(h.e_entry, 0x10);
	REFUSED(h.e_entry, 0x2800);
	REFUSED(h.e_entry, UINT64_MAX);
	REFUSED(p[1].p_vaddr, 0x1001);
	REFUSED(p[1].p_vaddr, 0);
	REFUSED(p[1].p_vaddr, 1ull << 47);
	REFUSED(p[1].p_vaddr, UINT64_MAX & ~0xfffull);
	REFUSED(p[1].p_memsz, 0x7ff);
	REFUSED(p[1].p_memsz, 1ull << 47);
	REFUSED(p[1].p_memsz, UINT64_MAX);
	REFUSED(p[1].p_filesz, 0x1801);
	REFUSED(p[1].p_offset, FILE_SIZE);
	REFUSED(p[1].p_offset, UINT64_MAX & ~0xfffull);
	REFUSED(p[2].p_filesz, 1);
	REFUSED(p[2].p_filesz, ELF_INTERPRETER_MAX + 1);
	REFUSED(p[2].p_offset, FILE_SIZE);
	REFUSED(p[2].p_offset, UINT64_MAX);
}

static void test_short(void)
{
	struct file f = good();

	for (size_t n = 0; n < sizeof(f); n++) {
		void *exact = malloc(n ? n : 1);

		memcpy(exact, &f, n);
		CHECK(elf_parse(exact, n, FILE_SIZE, &out));
		free(exact);
	}
	CHECK(elf_parse(&f, sizeof(f), sizeof(f) - 1, &out));
}

static void test_many_segments(void)
{
	struct {
		Elf64_Ehdr h;
		Elf64_Phdr p[ELF_SEGMENTS_MAX + 1];
	} f = { .h = good().h };

	f.h.e_entry = 0;
	for (unsigned i = 0; i <= ELF_SEGMENTS_MAX; i++)
		f.p[i] = (Elf64_Phdr){ .p_type = PT_LOAD, .p_flags = PF_X, .p_vaddr = i * 0x1000, .p_memsz = 0x1000 };
	f.h.e_phnum = ELF_SEGMENTS_MAX;
	CHECK(!elf_parse(&f, sizeof(f), sizeof(f), &out));
	f.h.e_phnum++;
	CHECK(elf_parse(&f, sizeof(f), sizeof(f), &out));
}

static void check_stack(const char *const *argv, const char *const *envp)
{
	static const uint8_t random[16] = { 1, 2, 3 };
	static const struct elf_loaded loaded = { .program = { .headers = 64, .header_count = 3, .entry = 0x1010 },
		                                  .bias = 0x10000 };
	const struct elf_start start = {
		.program = &loaded, .path = "/bin/p", .argv = argv, .envp = envp, .random = random, .signal_stack = 2345
	};
	const size_t size = 4096;
	char *stack = aligned_alloc(4096, size);
	uintptr_t sp = elf_stack(&start, (uintptr_t)stack, (uintptr_t)stack + size);
	const uint64_t *word = (const uint64_t *)sp, count = *word++;
	uint64_t i = 0;

	CHECK(sp && sp % 16 == 0);
	for (; argv[i]; i++)
		CHECK(!strcmp((const char *)*word++, argv[i]));
	CHECK(count == i && !*word++);
	for (i = 0; envp[i]; i++)
		CHECK(!strcmp((const char *)*word++, envp[i]));
	CHECK(!*word++);
	for (; *word != AT_NULL; word += 2) {
		CHECK(*word != AT_PHDR || word[1] == 0x10040);
		CHECK(*word != AT_ENTRY || word[1] == 0x11010);
		CHECK(*word != AT_RANDOM || !memcmp((const void *)word[1], random, sizeof(random)));
		CHECK(*word != AT_EXECFN || !strcmp((const char *)word[1], "/bin/p"));
		CHECK(*word != AT_MINSIGSTKSZ || word[1] == 2345);
		CHECK(*word != AT_SYSINFO_EHDR);
	}
	for (size_t room = 0; room < (uintptr_t)stack + size - sp; room += 8) /* one word too little at the least */
		CHECK(!elf_stack(&start, (uintptr_t)stack + size - room, (uintptr_t)stack + size));
	free(stack);
}

static void test_stack(void)
{
	const char *none[] = { NULL }, *one[] = { "a", NULL }, *more[] = { "program", "", "with spaces", "b", NULL };

	check_stack(none, none);
	check_stack(one, none);
	check_stack(one, more);
	check_stack(more, one);
	check_stack(more, more);
}

int main(void)
{
	test_good();
	test_bad();
	test_short();
	test_many_segments();
	test_stack();
	return 0;
}
