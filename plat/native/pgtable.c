/* SPDX-License-Identifier: BSD-3-Clause */
/* The page table, written directly. */
#include <arch/pgtable.h>
#include <core/alloc.h>
#include <core/errno.h>
#include <core/log.h>
#include <core/vmem.h>
#include <plat/image.h>
#include <plat/layout.h>
#include <plat/pgtable.h>
#include <plat/pt_walk.h>
#include <plat/pte.h>

#include "native.h"

#define LARGE (1ul << PT_SHIFT(1))

/* With programs in user mode, which have all reservations; the rest of memory is the kernel's. */
#ifdef CONFIG_CORE_USER
#define TABLE_BITS (PTE_P | PTE_W | PTE_U)
#define user_bits(va) ((va) >= (uintptr_t)__image_end && (va) < VMEM_END ? PTE_U : 0)
#else
#define TABLE_BITS (PTE_P | PTE_W)
#define user_bits(va) 0
#endif

static uint64_t *root;

static void flush(uintptr_t va)
{
	__asm__ volatile("invlpg (%0)" : : "r"(va) : "memory");
}

static void flush_all(void)
{
	uint64_t cr3;

	__asm__ volatile("mov %%cr3, %0; mov %0, %%cr3" : "=r"(cr3) : : "memory");
}

static uint64_t *table_of(uint64_t entry)
{
	return phys_to_virt(entry & PTE_ADDR);
}

/* The entry for @va at @level, making tables on the way if @create. NULL if there is none or no memory. */
static uint64_t *entry_at(uintptr_t va, int level, bool create)
{
	uint64_t *table = root;

	for (int l = PT_LEVELS - 1; l > level; l--) {
		uint64_t *e = &table[PT_INDEX(va, l)];

		if (!*e) {
			void *next = create ? page_alloc_zero() : NULL;

			if (!next)
				return NULL;
			*e = virt_to_phys(next) | TABLE_BITS;
		}
		if (*e & PTE_PS)
			return NULL;
		table = table_of(*e);
	}
	return &table[PT_INDEX(va, level)];
}

int native_pt_map(uintptr_t va, uint64_t pa, unsigned flags)
{
	uint64_t *e = entry_at(va, 0, true);

	if (!e)
		return -ENOMEM;
	uint64_t old = *e;

	*e = pa | pte_access_bits(flags) | pte_owner_bits(flags) | user_bits(va) | (flags & PT_DEVICE ? PTE_PCD | PTE_PWT : 0);
	if (old & PTE_P)
		flush(va);
	return 0;
}

/* They share a leaf table: the first is the one that can fail. */
int native_pt_map_run(uintptr_t va, const uint64_t *pa, unsigned count, unsigned flags)
{
	int ret = 0;

	for (unsigned i = 0; i < count && !ret; i++)
		ret = native_pt_map(va + i * PAGE_SIZE, pa[i], flags);
	return ret;
}

bool native_pt_lookup(uintptr_t va, uint64_t *pa, unsigned *flags)
{
	const uint64_t *e = entry_at(va, 0, false);

	if (!e || !pte_is_mapped(*e))
		return false;
	*pa = *e & PTE_ADDR;
	*flags = pte_flags(*e);
	return true;
}

static uintptr_t skip_holes(uintptr_t va, uintptr_t end)
{
	return pt_skip_holes(root, table_of, va, end, UINT32_MAX);
}

uintptr_t native_pt_next(uintptr_t va, uintptr_t end)
{
	return pt_skip_holes(root, table_of, va, end, PT_NEXT_STEPS);
}

void native_pt_protect(uintptr_t start, uintptr_t end, unsigned flags)
{
	uint64_t bits = pte_access_bits(flags);

	for (uintptr_t va = start; (va = skip_holes(va, end)) < end; va += PAGE_SIZE) {
		uint64_t *e = entry_at(va, 0, false);

		if (!pte_is_mapped(*e))
			continue;
		uint64_t old = *e;

		*e = (old & ~(PTE_P | PTE_W | PTE_NX | PTE_NONE)) | bits;
		if (old & PTE_P)
			flush(va);
	}
}

static void free_table(uint64_t *e)
{
	void *table = table_of(*e);

	*e = 0;
	page_free(table, 0);
}

/*
 * The leaf table of @va is empty. If that was the last one of its directory, which covers 1 GiB, that goes too: to skip a directory without
 * leaf tables later would take a step for each that it could have.
 */
static void free_leaf_table(uintptr_t va)
{
	uint64_t *directory = entry_at(va, 2, false);
	const uint64_t *e = table_of(*directory);

	free_table(entry_at(va, 1, false));
	for (size_t i = 0; i < PAGE_SIZE / sizeof(*e); i++)
		if (e[i])
			return;
	free_table(directory);
}

void native_pt_unmap(uintptr_t start, uintptr_t end, void (*gone)(uint64_t pa, unsigned flags))
{
	const uintptr_t leaf = 1ul << PT_SHIFT(1);
	bool tables = false;

	for (uintptr_t va = start; (va = skip_holes(va, end)) < end; va += PAGE_SIZE) {
		uint64_t *e = entry_at(va, 0, false);
		uint64_t old = *e;

		if (pte_is_mapped(old)) {
			*e = 0;
			flush(va);
			gone(old & PTE_ADDR, pte_flags(old));
		}
		uintptr_t first = va & ~(leaf - 1);

		if ((va & (leaf - 1)) == leaf - PAGE_SIZE && first >= start) {
			free_leaf_table(va);
			tables = true;
		}
	}
	if (tables) /* paging-structure caches */
		flush_all();
}

void native_pgtable_init(void)
{
	root = page_alloc_zero();
	if (!root)
		panic("no memory for the page table");
}

/* Entries of [pa, end) at @va and on, where nothing is mapped yet: one walk for each leaf table. Boot only. */
static void map_first(uintptr_t va, uint64_t pa, uint64_t end, unsigned flags)
{
	const uint64_t bits = pte_access_bits(flags) | pte_owner_bits(flags | PT_SHARED);

	while (pa < end) {
		uint64_t *e = entry_at(va, 0, true);

		if (!e)
			panic("no memory for the page table");
		do {
			*e++ = pa | bits;
			pa += PAGE_SIZE;
			va += PAGE_SIZE;
		} while (pa < end && va % LARGE);
	}
}

/* A large page that has code or constants of the image: those are read-only under this address too. */
static void map_direct_small(uint64_t pa)
{
	uint64_t end = pa + LARGE, constants = MAX(pa, (uint64_t)(uintptr_t)__image_start);
	uint64_t data = MIN(end, (uint64_t)(uintptr_t)__data_start);

	map_first(DIRECT_BASE + pa, pa, constants, PT_READ | PT_WRITE);
	map_first(DIRECT_BASE + constants, constants, data, PT_READ);
	map_first(DIRECT_BASE + data, data, end, PT_READ | PT_WRITE);
}

void native_pgtable_map_direct(uint64_t start, uint64_t end)
{
	uint64_t *e = NULL;

	for (uint64_t pa = ALIGN_DOWN(start, LARGE); pa < end; pa += LARGE, e++) {
		if (!e || !PT_INDEX(DIRECT_BASE + pa, 1))
			e = entry_at(DIRECT_BASE + pa, 1, true);
		if (!e)
			panic("no memory for the direct map");
		if (pa + LARGE <= (uintptr_t)__image_start || pa >= (uintptr_t)__data_start)
			*e = pa | PTE_P | PTE_W | PTE_PS | PTE_NX;
		else if (!*e) /* not yet, as the end of another range of memory */
			map_direct_small(pa);
	}
}

static void map_image(char *start, char *end, unsigned flags)
{
	uintptr_t va = (uintptr_t)start & PAGE_MASK;

	map_first(va, va, (uintptr_t)end, flags);
}

void native_pgtable_activate(void)
{
	map_image(__image_start, __text_end, PT_READ | PT_EXEC);
	map_image(__rodata_start, __data_start, PT_READ);
	map_image(__data_start, __image_end, PT_READ | PT_WRITE);
	__asm__ volatile("mov %0, %%cr3" : : "r"(virt_to_phys(root)) : "memory");
}
