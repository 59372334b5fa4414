/* SPDX-License-Identifier: BSD-3-Clause */
/* What the address space holds, for reports. */
#include "vmem.h"

bool vmem_region_at(uintptr_t from, struct vmem_region *out)
{
	const struct region *r;

	spin_lock(&vmem_lock);
	r = region_at_or_after(&vmem_regions, from);
	if (r) {
		*out = (struct vmem_region){
			.start = r->start,
			.end = r->end,
			.prot = r->prot,
			.offset = r->offset,
			.paged = r->pager,
			.name = r->name,
			.pager = r->pager,
			.object = r->object,
		};
#ifdef CONFIG_CORE_PROCESSES
		out->owner = r->owner;
#endif
	}
	spin_unlock(&vmem_lock);
	return r;
}
