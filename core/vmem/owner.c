/* SPDX-License-Identifier: BSD-3-Clause */
/* Whose reservations are whose, where several programs share the address space. */
#include "vmem.h"

/* The lowest region of @owner's that ends above @from: its place in *@start and *@end. */
static bool next_of(unsigned owner, uintptr_t from, uintptr_t *start, uintptr_t *end)
{
	spin_lock(&vmem_lock);
	struct region *r = region_at_or_after(&vmem_regions, from);

	while (r && r->owner != owner)
		r = region_next(r);
	if (r) {
		*start = r->start;
		*end = r->end;
	}
	spin_unlock(&vmem_lock);
	return r;
}

void vmem_unmap_owned(unsigned owner)
{
	uintptr_t start, end = 0;

	while (next_of(owner, end, &start, &end))
		vmem_unmap(start, end - start);
}
