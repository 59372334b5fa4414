/* SPDX-License-Identifier: BSD-3-Clause */
/* /proc/self/maps: the image and the regions of the address space, in the format of proc(5). */
#include <core/boot.h>
#include <core/init.h>
#include <core/procfs.h>
#include <core/string.h>
#include <core/vmem.h>

/* From the linker script. */
extern const char __text_start[], __text_end[], __rodata_start[], __data_start[], __image_end[];

#define NAME_COLUMN 73

static void show_line(struct seq *s, uintptr_t start, uintptr_t end, unsigned prot, uint64_t offset, const char *name)
{
	char line[128];
	int n = snprintf(line, sizeof(line), "%08lx-%08lx %c%c%cp %08lx 00:00 0 ", start, end, prot & VMEM_READ ? 'r' : '-',
	                 prot & VMEM_WRITE ? 'w' : '-', prot & VMEM_EXEC ? 'x' : '-', (unsigned long)offset);

	if (*name)
		seq_printf(s, "%-*s%s\n", MAX(NAME_COLUMN, n), line, name);
	else
		seq_printf(s, "%s\n", line);
}

static void show_image(struct seq *s)
{
	uintptr_t text = (uintptr_t)__text_start & PAGE_MASK, rodata = (uintptr_t)__rodata_start & PAGE_MASK;
	uintptr_t data = (uintptr_t)__data_start & PAGE_MASK, end = ALIGN_UP((uintptr_t)__image_end, PAGE_SIZE);
	char name[64];

	snprintf(name, sizeof(name), "/%s", boot_argv[0]);
	show_line(s, text, rodata, VMEM_READ | VMEM_EXEC, 0, name);
	show_line(s, rodata, data, VMEM_READ, rodata - text, name);
	show_line(s, data, end, VMEM_READ | VMEM_WRITE, data - text, name);
}

static void show_maps(struct seq *s, void *arg __unused)
{
	struct vmem_region r = { .end = 0 };

	show_image(s);
	while (vmem_region_at(r.end, &r)) {
		bool stack = r.name && !strcmp(r.name, "stack");

		show_line(s, r.start, r.end, r.prot, r.paged ? r.offset : 0, stack ? "[stack]" : "");
	}
}

static int procfs_maps(void)
{
	return procfs_file("1/maps", show_maps, NULL);
}

INITCALL(INIT_PROCESS, procfs_maps);
