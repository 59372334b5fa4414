/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Program files: what the headers of one that is accepted say stays within the file and the address space.
 * hosted: the loader is a program's.
 * sources: libs/elf/glue/parse.c
 */
#include "../../../libs/elf/include/elf/program.h"

#include <stdlib.h>

#define CHECK(cond) \
	do { \
		if (!(cond)) \
			abort(); \
	} while (0)

#define ADDRESS_END (1ull << 47)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct elf_program p;
	uint64_t end = 0;

	if (elf_parse(data, size < ELF_HEAD_SIZE ? size : ELF_HEAD_SIZE, size, &p))
		return 0;
	CHECK(p.count && p.count <= ELF_SEGMENTS_MAX && p.start < p.end && p.end <= ADDRESS_END);
	CHECK(p.start % 4096 == 0 && p.end % 4096 == 0);
	for (unsigned i = 0; i < p.count; i++) {
		const struct elf_segment *s = &p.segments[i];

		CHECK(s->address >= p.start && s->memory_size <= p.end - s->address);
		CHECK(s->address - s->address % 4096 >= end);
		CHECK(s->file_size <= s->memory_size && s->offset <= size && s->file_size <= size - s->offset);
		CHECK(s->address % 4096 == s->offset % 4096);
		end = s->address + s->memory_size;
	}
	CHECK(p.interpreter_size <= ELF_INTERPRETER_MAX && p.interpreter_offset <= size);
	CHECK(p.interpreter_size <= size - p.interpreter_offset);
	CHECK(p.entry >= p.start && p.entry < p.end && (!p.headers || (p.headers >= p.start && p.headers < p.end)));
	return 0;
}
