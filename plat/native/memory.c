/* SPDX-License-Identifier: BSD-3-Clause */
/* Physical memory: what the loader says is there, less what is in use. */
#include <core/alloc.h>
#include <core/log.h>
#include <core/string.h>
#include <plat/image.h>
#include <plat/layout.h>
#include <plat/plat.h>

#include "native.h"

#define ENTRIES_MAX 64
#define CMDLINE_MAX 8192
/* Loaders have a buffer of a page for the command line: QEMU's does not look whether it fits, and writes over what lies behind it. */
#define CMDLINE_LOADER_MAX 4096u
#define TYPE_RAM 1
#define START_INFO_MAGIC 0x336ec578u
#define PHYSICAL_MAX (1ull << 52)
#define LOW_MEMORY 0x100000 /* firmware's and the option ROMs' playground */

#define UNUSED_FIRST 0x100000000ull
#define UNUSED_ALIGN 0x40000000ull

/* As the start information has it. */
struct module {
	uint64_t start, size, cmdline, reserved;
};

struct range {
	uint64_t start, end;
};

static struct range ram[ENTRIES_MAX];
static unsigned ram_count;
static struct range mentioned[ENTRIES_MAX]; /* all of the loader's memory map */
static unsigned mentioned_count;
static struct range reserved[3]; /* image, initrd, frame states */
static char cmdline[CMDLINE_MAX];

const char *native_cmdline(void)
{
	return cmdline;
}

bool native_initrd(const void **start, size_t *size)
{
	*start = phys_to_virt(reserved[1].start);
	*size = reserved[1].end - reserved[1].start;
	return *size;
}

/* Is all of [start, start + size) where the first page tables map it? */
static bool is_mapped(uint64_t start, uint64_t size)
{
	return start && start < BOOT_MAPPED && size <= BOOT_MAPPED - start;
}

static const void *at_boot(uint64_t start)
{
	return (const void *)(DIRECT_BASE + start);
}

/* How long the command line is, as far as the loader's buffer goes. */
static size_t cmdline_length(const struct pvh_start_info *info)
{
	return is_mapped(info->cmdline, CMDLINE_MAX) ? strnlen(at_boot(info->cmdline), CMDLINE_LOADER_MAX) : 0;
}

/* Nothing of it is believed before this: it may lie behind a command line that ran over. */
void native_check_start_info(const struct pvh_start_info *info)
{
	static const char why[] = "the command line may be longer than the loader's buffer of 4096 bytes";

	if (info->magic != START_INFO_MAGIC || info->version < 1) {
		pr_err("start information: magic 0x%x, version %u: no PVH loader with a memory map, or %s", info->magic,
		       info->version, why);
		plat_crash();
	}
	if (cmdline_length(info) == CMDLINE_LOADER_MAX) {
		pr_err("kernel command line: longer than %u bytes, which loaders take", CMDLINE_LOADER_MAX - 1);
		plat_crash();
	}
	if (!is_mapped(info->memory_map, (uint64_t)info->memory_map_entries * sizeof(struct pvh_memory_entry)) ||
	    (info->module_count && !is_mapped(info->modules, sizeof(struct module))) ||
	    (info->cmdline && !is_mapped(info->cmdline, CMDLINE_MAX))) {
		pr_err("start information: a memory map of %u entries at 0x%lx, %u modules at 0x%lx: %s",
		       info->memory_map_entries, info->memory_map, info->module_count, info->modules, why);
		plat_crash();
	}
}

static uint64_t copy_memory_map(const struct pvh_start_info *info)
{
	const struct pvh_memory_entry *map = (void *)(DIRECT_BASE + info->memory_map);
	uint64_t end = 0;

	for (unsigned i = 0; i < info->memory_map_entries && mentioned_count < ENTRIES_MAX; i++) {
		struct range r = { map[i].start, map[i].start + map[i].size };

		if (r.end < r.start || r.end > PHYSICAL_MAX)
			continue; /* no memory that there could be */
		mentioned[mentioned_count++] = r;
		if (map[i].type != TYPE_RAM || r.end <= LOW_MEMORY)
			continue;
		r.start = ALIGN_UP(MAX(r.start, (uint64_t)LOW_MEMORY), PAGE_SIZE);
		r.end = ALIGN_DOWN(r.end, PAGE_SIZE);
		if (r.start >= r.end)
			continue;
		end = MAX(end, r.end);
		ram[ram_count++] = r;
	}
	if (!ram_count)
		panic("the loader's memory map has no RAM");
	return end;
}

static void copy_cmdline(const struct pvh_start_info *info)
{
	if (info->cmdline && strlcpy(cmdline, (void *)(DIRECT_BASE + info->cmdline), CMDLINE_MAX) >= CMDLINE_MAX)
		panic("kernel command line: longer than %u bytes", CMDLINE_MAX - 1);
}

static bool is_free(uint64_t start, uint64_t end)
{
	for (unsigned j = 0; j < 2; j++)
		if (start < reserved[j].end && end > reserved[j].start)
			return false;
	return true;
}

/* Room for one byte a frame, in RAM that the first page tables map: at the start of a range, or behind the image or the initrd. */
static uint8_t *place_frame_states(uint64_t end)
{
	uint64_t size = ALIGN_UP(end >> PAGE_SHIFT, PAGE_SIZE);

	for (unsigned i = 0; i < ram_count; i++) {
		const uint64_t candidates[] = { ram[i].start, reserved[0].end, reserved[1].end };

		for (unsigned j = 0; j < ARRAY_SIZE(candidates); j++) {
			uint64_t start = ALIGN_UP(candidates[j], PAGE_SIZE);

			if (start < ram[i].start || start + size > MIN(ram[i].end, (uint64_t)BOOT_MAPPED) ||
			    !is_free(start, start + size))
				continue;
			reserved[2] = (struct range){ start, start + size };
			return memset((void *)(DIRECT_BASE + start), 0, size);
		}
	}
	panic("no room for the frame states: %lu bytes", size);
}

/* Give the free parts of [start, end) to the allocator. */
static void add_free(uint64_t start, uint64_t end)
{
	for (unsigned i = 0; i < ARRAY_SIZE(reserved); i++) {
		uint64_t from = ALIGN_DOWN(reserved[i].start, PAGE_SIZE), to = ALIGN_UP(reserved[i].end, PAGE_SIZE);

		if (from >= to || from >= end || to <= start)
			continue;
		if (start < from)
			add_free(start, from);
		if (to < end)
			add_free(to, end);
		return;
	}
	if (start < end)
		page_add_range(start, end);
}

static void take_initrd(uint64_t start, uint64_t size)
{
	for (unsigned i = 0; i < ram_count; i++) {
		if (start < ram[i].start || start > ram[i].end || size > ram[i].end - start)
			continue;
		reserved[1] = (struct range){ start, start + size };
		return;
	}
	panic("initial ramdisk: %lu bytes at 0x%lx are not in memory", size, start);
}

void native_memory_init(const struct pvh_start_info *info)
{
	const struct module *module = (void *)(DIRECT_BASE + info->modules);

	copy_cmdline(info);
	uint64_t end = copy_memory_map(info);

	reserved[0] = (struct range){ (uintptr_t)__image_start, (uintptr_t)__image_end };
	if (info->module_count)
		take_initrd(module->start, module->size);
	page_init(DIRECT_BASE, end, place_frame_states(end));
	for (unsigned i = 0; i < ram_count; i++)
		add_free(ram[i].start, MIN(ram[i].end, (uint64_t)BOOT_MAPPED));
	native_pgtable_init();
	for (unsigned i = 0; i < ram_count; i++)
		native_pgtable_map_direct(ram[i].start, ram[i].end);
	native_pgtable_activate();
	for (unsigned i = 0; i < ram_count; i++)
		add_free(MAX(ram[i].start, (uint64_t)BOOT_MAPPED), ram[i].end);
}

uint64_t native_unused_space(uint64_t size)
{
	uint64_t start = UNUSED_FIRST;

	for (unsigned i = 0; i < mentioned_count; i++) {
		if (start + size <= mentioned[i].start || start >= mentioned[i].end)
			continue;
		start = ALIGN_UP(mentioned[i].end, UNUSED_ALIGN);
		i = -1u; /* once more from the first */
	}
	return start;
}
