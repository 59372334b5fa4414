/* SPDX-License-Identifier: BSD-3-Clause */
#include <core/fault.h>

#include <core/errno.h>
#include <plat/pgtable.h>

#include "vmem.h"

static enum fault_result back_page(struct region *r, uintptr_t va)
{
	unsigned flags = r->prot;
	bool shared = false;
	void *page;
	int ret = 0;

	if (r->pager)
		ret = r->pager->get_page(r->object, r->offset + (va - r->start), &page, &shared);
	else if (!(page = page_alloc_zero()))
		ret = -ENOMEM;
	if (ret)
		return ret == -ENOMEM ? FAULT_NO_MEMORY : FAULT_IO;
	if (shared)
		flags |= PT_SHARED;
	if (plat_pt_map(va, virt_to_phys(page), flags)) {
		if (!shared)
			page_free(page, 0);
		return FAULT_NO_MEMORY;
	}
	return FAULT_MENDED;
}

enum fault_result vmem_fault_locked(uintptr_t addr, unsigned access)
{
	uintptr_t va = addr & PAGE_MASK;
	struct region *r = region_find(&vmem_regions, va);
	unsigned flags;
	uint64_t pa;

	if (!r)
		return FAULT_BAD_ADDRESS;
	if (!(r->prot & access))
		return FAULT_BAD_ACCESS;
	if (plat_pt_lookup(va, &pa, &flags)) {
		if (flags & access) /* a stale translation, gone with the fault */
			return FAULT_MENDED;
		if (flags & PT_FOREIGN) /* as its owner granted it */
			return FAULT_BAD_ACCESS;
		plat_pt_protect(va, va + PAGE_SIZE, r->prot); /* vmem_protect() is on its way there */
		return FAULT_MENDED;
	}
	return back_page(r, va);
}

enum fault_result vmem_fault(uintptr_t addr, unsigned access)
{
	spin_lock(&vmem_lock);
	enum fault_result result = vmem_fault_locked(addr, access);

	spin_unlock(&vmem_lock);
	return result;
}

bool vmem_describe(uintptr_t addr, const char **name, uintptr_t *start, uintptr_t *end, unsigned *prot)
{
	struct region *r = region_find(&vmem_regions, addr);

	if (!r)
		return false;
	*name = r->name ? r->name : "anonymous";
	*start = r->start;
	*end = r->end;
	*prot = r->prot;
	return true;
}
