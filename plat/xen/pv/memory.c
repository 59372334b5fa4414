/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Pseudo-physical memory: frames 0 to nr_pages, of which the domain builder used a part behind the image. Its page tables map that part
 * at virtual = pseudo-physical address; here the direct map of everything is added, and the builder's mapping is cut down to the image.
 */
#include <arch/pgtable.h>
#include <core/alloc.h>
#include <core/log.h>
#include <core/string.h>
#include <plat/image.h>
#include <plat/layout.h>
#include <plat/pgtable.h>

#include "pv.h"

#define INVALID_MFN ~0ull
#define LARGE (1ul << PT_SHIFT(1))
#define PER_TABLE ((uint64_t)PT_ENTRIES)
/* Tables of the first part of the direct map are made from the frames below the image, but for frame 0. */
#define POOL_FIRST 1u
#define POOL_FRAMES 510u
#define BOOT_FRAMES_MAX ((POOL_FRAMES - 4) * PER_TABLE)
/* The builder maps at least 512 KiB more than it uses, and a multiple of 4 MiB. */
#define BOOT_SLACK 0x80000ul
#define BOOT_ALIGN 0x400000ul

#define TABLE_BITS (PTE_P | PTE_W | PTE_U | PTE_A)
#define LEAF_BITS (PTE_P | PTE_U | PTE_A | PTE_D | PTE_NX)

static const uint64_t *p2m;
static uint64_t frames; /* of this domain */
static uint64_t builder_end; /* first address behind what the builder used */
static uint64_t tables_first, tables_end; /* frames of the builder's page tables */
static uint64_t pool_end; /* frames */
static char cmdline[sizeof(((struct start_info *)NULL)->cmd_line) + 1];
static uint64_t initrd_start, initrd_size;

const char *pv_cmdline(void)
{
	return cmdline;
}

bool pv_initrd(const void **start, size_t *size)
{
	*start = phys_to_virt(initrd_start);
	*size = initrd_size;
	return *size;
}

uint64_t pfn_to_mfn(uint64_t pfn)
{
	return p2m[pfn];
}

static bool is_table(uint64_t pfn)
{
	return (pfn >= tables_first && pfn < tables_end) || (pfn >= POOL_FIRST && pfn < pool_end);
}

/* Page tables are read-only, as Xen demands, and so are the image's code and constants. */
static bool is_writable(uint64_t pfn)
{
	return !is_table(pfn) && !image_is_constant(pfn << PAGE_SHIFT);
}

/* A leaf table of the direct map. */
static void fill_leaves(uint64_t *table, uint64_t first)
{
	for (uint64_t pfn = first; pfn < first + PER_TABLE; pfn++) {
		uint64_t mfn = pfn < frames ? p2m[pfn] : INVALID_MFN;

		table[pfn - first] = mfn == INVALID_MFN ? 0 : mfn << PAGE_SHIFT | LEAF_BITS | (is_writable(pfn) ? PTE_W : 0);
	}
}

/* While the builder's mapping still stands: the frame's address is its number's. */
static void *early(uint64_t pfn)
{
	return (void *)(pfn << PAGE_SHIFT);
}

/* The direct map of frames 0 to @end, hooked in with one update that makes Xen check it all. */
static void make_direct_map(const struct start_info *info, uint64_t end)
{
	uint64_t leaves = DIV_ROUND_UP(end, PER_TABLE), middles = DIV_ROUND_UP(leaves, PER_TABLE);
	uint64_t middle = POOL_FIRST + leaves, upper = middle + middles;
	uint64_t root_maddr = (p2m[info->pt_base >> PAGE_SHIFT] << PAGE_SHIFT) + DIRECT_PML4_INDEX * sizeof(uint64_t);

	pool_end = upper + 1;
	memset(early(middle), 0, (middles + 1) << PAGE_SHIFT);
	for (uint64_t i = 0; i < leaves; i++) {
		fill_leaves(early(POOL_FIRST + i), i * PER_TABLE);
		((uint64_t *)early(middle))[i] = p2m[POOL_FIRST + i] << PAGE_SHIFT | TABLE_BITS;
	}
	for (uint64_t i = 0; i < middles; i++)
		((uint64_t *)early(upper))[i] = p2m[middle + i] << PAGE_SHIFT | TABLE_BITS;
	for (uint64_t pfn = POOL_FIRST; pfn < pool_end; pfn++)
		pgtable_set(pfn << PAGE_SHIFT, 0);
	struct mmu_update hook = { root_maddr, p2m[upper] << PAGE_SHIFT | TABLE_BITS };

	if (xen_hypercall(HYPERCALL_MMU_UPDATE, (uintptr_t)&hook, 1, 0, DOMID_SELF, 0))
		panic("Xen refuses the direct map of %lu frames", end);
}

static void extend_direct_map(uint64_t from)
{
	for (uint64_t pfn = from; pfn < frames; pfn += PER_TABLE) {
		uint64_t *table = page_alloc_zero();

		if (!table)
			panic("no memory for the direct map");
		fill_leaves(table, pfn);
		pgtable_hook_leaves(DIRECT_BASE + (pfn << PAGE_SHIFT), table);
		page_add_range(pfn << PAGE_SHIFT, MIN(pfn + PER_TABLE, frames) << PAGE_SHIFT);
	}
}

static unsigned image_protection(uintptr_t va)
{
	if (va < (uintptr_t)__image_start || va >= (uintptr_t)__image_end)
		return 0;
	if (va < (uintptr_t)__text_end)
		return PT_READ | PT_EXEC;
	if (va >= (uintptr_t)__rodata_start && va < (uintptr_t)__data_start)
		return PT_READ;
	return va >= (uintptr_t)__data_start ? PT_READ | PT_WRITE : PT_READ | PT_EXEC;
}

/* What remains of the builder's mapping is the image, with its protections. */
static void keep_image_only(void)
{
	uint64_t end = ALIGN_UP(builder_end + BOOT_SLACK, BOOT_ALIGN) + BOOT_ALIGN;

	for (uintptr_t chunk = 0; chunk < end; chunk += LARGE) {
		if (chunk + LARGE <= (uintptr_t)__image_start || chunk >= ALIGN_UP((uintptr_t)__image_end, PAGE_SIZE)) {
			pgtable_drop_leaves(chunk);
			continue;
		}
		for (uintptr_t va = chunk; va < chunk + LARGE; va += PAGE_SIZE)
			if (va != (uintptr_t)&shared_info)
				pgtable_queue(va, image_protection(va));
	}
	pgtable_flush_queue();
}

void memory_init(const struct start_info *info)
{
	uint64_t boot_frames = MIN(info->nr_pages, BOOT_FRAMES_MAX);

	frames = info->nr_pages;
	p2m = (const uint64_t *)info->mfn_list;
	tables_first = info->pt_base >> PAGE_SHIFT;
	tables_end = tables_first + info->nr_pt_frames;
	builder_end = (tables_end + 1) << PAGE_SHIFT; /* and its stack */
	initrd_start = info->mod_start;
	initrd_size = info->mod_len;
	strlcpy(cmdline, info->cmd_line, sizeof(cmdline));
	make_direct_map(info, boot_frames);
	p2m = (const uint64_t *)(DIRECT_BASE + info->mfn_list);

	uint64_t states = ALIGN_UP(frames, PAGE_SIZE);

	if (builder_end + states > boot_frames << PAGE_SHIFT)
		panic("%lu KiB of memory do not hold the image and %lu KiB of frame states", frames * 4, states / 1024);
	page_init(DIRECT_BASE, frames << PAGE_SHIFT, memset((void *)(DIRECT_BASE + builder_end), 0, states));
	page_add_range(pool_end << PAGE_SHIFT, (uintptr_t)__image_start);
	page_add_range(builder_end + states, boot_frames << PAGE_SHIFT);
	pgtable_init((uint64_t *)(DIRECT_BASE + info->pt_base));
	keep_image_only();
	extend_direct_map(boot_frames);
}
