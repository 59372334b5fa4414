/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The last small blocks that were freed are kept for the next ones of their size. To musl's allocator they are in use, but for their headers, which
 * are as it leaves those of free ones: what is freed twice still ends the program. It would make a group of blocks for a lone one and return the
 * whole group when that is freed, each time.
 */
#define _BSD_SOURCE
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wsign-compare" /* musl's code does not meet our warnings */
#pragma GCC diagnostic ignored "-Wempty-body"
#include <../src/malloc/mallocng/meta.h>

#undef malloc
#undef free
#define malloc new_block
#define free return_block
static void *new_block(size_t n);
static void return_block(void *p);
#include <../src/malloc/mallocng/malloc.c>
#include <../src/malloc/mallocng/free.c>
#undef malloc
#undef free
#pragma GCC diagnostic pop

#define CLASSES 16 /* of musl's sizes: up to 31 units */
#define KEPT 8 /* of each: 22 KiB at most */
#define LARGEST (31 * UNIT - IB)

static struct kept {
	unsigned char count, slots[KEPT];
	struct meta *groups[KEPT];
} kept[CLASSES];

/* Who finds it taken goes to musl's allocator: nobody waits for it. */
static int taken;

static int take(void)
{
	return !__atomic_exchange_n(&taken, 1, __ATOMIC_ACQUIRE);
}

static void give(void)
{
	__atomic_store_n(&taken, 0, __ATOMIC_RELEASE);
}

__attribute__((__visibility__("hidden"))) void *__libc_malloc_impl(size_t n);
__attribute__((__visibility__("hidden"))) void __libc_free(void *p);

void *__libc_malloc_impl(size_t n)
{
	struct meta *group = NULL;
	int class, slot = 0;

	if (n <= LARGEST && take()) {
		class = size_to_class(n);
		/* As long as there are few of an even class, musl takes the next one. */
		if (!kept[class].count)
			class |= 1;
		if (kept[class].count) {
			unsigned i = --kept[class].count;

			group = kept[class].groups[i];
			slot = kept[class].slots[i];
		}
		give();
	}
	return group ? enframe(group, slot, n, (int)ctx.mmap_counter) : new_block(n);
}

/* As musl does when it frees a block. */
static void spoil_header(unsigned char *p)
{
	p[-3] = 255;
	*(uint16_t *)(p - 2) = 0;
}

void __libc_free(void *p)
{
	struct meta *group;
	struct kept *k;
	int slot;

	if (!p)
		return;
	group = get_meta(p);
	k = group->sizeclass < CLASSES ? &kept[group->sizeclass] : NULL;
	if (k && k->count < KEPT && take()) {
		if (k->count < KEPT) {
			slot = get_slot_index(p);
			get_nominal_size(p, group->mem->storage + get_stride(group) * (slot + 1) -
			                            IB); /* ends the program if it has been overrun */
			spoil_header(p);
			k->groups[k->count] = group;
			k->slots[k->count++] = (unsigned char)slot;
			p = NULL;
		}
		give();
	}
	if (p)
		return_block(p);
}
