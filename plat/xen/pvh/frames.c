/* SPDX-License-Identifier: BSD-3-Clause */
/* Guest frames where the loader's memory map has nothing. A bit for each is set while it is used; the bits come a page at a time. */
#include <core/alloc.h>
#include <core/log.h>
#include <core/sched.h>

#include "pvh.h"

#define SPACE (16ull << 30)
#define PER_WORD 64u
#define PER_CHUNK (PAGE_SIZE * 8)
#define CHUNKS (SPACE / PAGE_SIZE / PER_CHUNK)

static uint64_t first;
static uint64_t *used[CHUNKS];

/* Below these all is used. */
static unsigned lowest_chunk, lowest_word;

void pvh_frames_init(void)
{
	first = native_unused_space(SPACE) >> PAGE_SHIFT;
}

/* Returns the frame's number less @first, or -1: none. */
static long take_bit(void)
{
	for (; lowest_chunk < CHUNKS; lowest_chunk++, lowest_word = 0) {
		uint64_t *chunk = used[lowest_chunk];

		if (!chunk)
			chunk = used[lowest_chunk] = page_alloc_zero();
		if (!chunk)
			return -1;
		for (; lowest_word < PER_CHUNK / PER_WORD; lowest_word++) {
			uint64_t *word = &chunk[lowest_word];

			if (*word == UINT64_MAX)
				continue;
			unsigned bit = __builtin_ctzll(~*word);

			*word |= 1ull << bit;
			return lowest_chunk * PER_CHUNK + lowest_word * PER_WORD + bit;
		}
	}
	return -1;
}

uint64_t pvh_frame_alloc(void)
{
	preempt_disable();
	long at = take_bit();

	preempt_enable();
	return at < 0 ? 0 : first + at;
}

void pvh_frame_free(uint64_t frame)
{
	uint64_t at = frame - first;
	unsigned chunk = at / PER_CHUNK, word = at % PER_CHUNK / PER_WORD;

	preempt_disable();
	used[chunk][word] &= ~(1ull << (at % PER_WORD));
	if (chunk < lowest_chunk || (chunk == lowest_chunk && word < lowest_word)) {
		lowest_chunk = chunk;
		lowest_word = word;
	}
	preempt_enable();
}

void pvh_frame_release(uint64_t frame)
{
	struct remove_from_physmap op = { .domid = DOMID_SELF, .gpfn = frame };
	long ret = xen_hypercall3(HYPERCALL_MEMORY_OP, XENMEM_REMOVE_FROM_PHYSMAP, (uintptr_t)&op, 0);

	if (ret)
		pr_warn("guest frame 0x%lx: Xen keeps what is there: errno %ld", frame, -ret);
	else
		pvh_frame_free(frame);
}

int pvh_frame_fill(uint64_t frame, unsigned space, uint64_t index)
{
	struct add_to_physmap op = { .domid = DOMID_SELF, .space = space, .idx = index, .gpfn = frame };

	return xen_hypercall3(HYPERCALL_MEMORY_OP, XENMEM_ADD_TO_PHYSMAP, (uintptr_t)&op, 0);
}
