/* SPDX-License-Identifier: BSD-3-Clause */
/* Xen starts its dom0 with version 0 of the start information, which lacks the memory map. Every domain can ask for it. */
#include <core/log.h>

#include "pvh.h"

#define ENTRIES_MAX 64
#define VERSION_WITH_MAP 1

void pvh_add_memory_map(struct pvh_start_info *info)
{
	static struct e820_entry from[ENTRIES_MAX];
	static struct pvh_memory_entry to[ENTRIES_MAX];
	struct memory_map op = { .nr_entries = ENTRIES_MAX, .buffer = from };
	long ret = xen_hypercall3(HYPERCALL_MEMORY_OP, XENMEM_MEMORY_MAP, (uintptr_t)&op, 0);

	if (ret)
		panic("Xen does not tell the memory map: errno %ld", -ret);
	for (unsigned i = 0; i < op.nr_entries; i++)
		to[i] = (struct pvh_memory_entry){ .start = from[i].start, .size = from[i].size, .type = from[i].type };
	info->memory_map = (uintptr_t)to;
	info->memory_map_entries = op.nr_entries;
	info->version = VERSION_WITH_MAP;
}
