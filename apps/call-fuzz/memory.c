/* SPDX-License-Identifier: BSD-3-Clause */
#include "fuzz.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define FILLED 256

static char *blocks, *inner, *arena;

static char *reserve(size_t size)
{
	void *p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED) {
		report("call-fuzz: no memory for %zu bytes", size);
		exit(1);
	}
	return p;
}

void memory_init(void)
{
	blocks = reserve(6 * BLOCK);
	inner = reserve(BLOCK);
	arena = reserve(ARENA);
}

bool memory_renew(void)
{
	return mmap(arena, ARENA, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == arena &&
	       !madvise(blocks, 6 * (size_t)BLOCK, MADV_DONTNEED) && !madvise(inner, BLOCK, MADV_DONTNEED);
}

void *memory_block(unsigned i)
{
	char *block = blocks + i * (size_t)BLOCK;

	memset(block, 0, FILLED);
	if (random_below(4))
		for (unsigned n = 0; n < FILLED; n += 8) {
			uint64_t value = random_next();

			memcpy(block + n, &value, 8);
		}
	return block;
}

uintptr_t memory_arena(void)
{
	uintptr_t offset = random_below(ARENA / 2);

	return (uintptr_t)arena + (random_below(8) ? offset & ~(uintptr_t)4095 : offset);
}

void *memory_inner(void)
{
	return inner;
}
