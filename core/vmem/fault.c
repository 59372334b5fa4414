/* SPDX-License-Identifier: BSD-3-Clause */
#include <core/fault.h>

#include <core/errno.h>
#include <plat/pgtable.h>

#include "vmem.h"

#define RUN_BYTES (PT_RUN_MAX * PAGE_SIZE)
/* Memory is short with less than one page in so many free. */
#define RUN_SHARE 4

static bool is_mapped(uintptr_t va)
{
	unsigned flags;
	uint64_t pa;

	return plat_pt_lookup(va, &pa, &flags);
}

/*
 * How many pages from @va on to back at once. Who fills memory in order comes for the next ones anyhow, and each fault costs a trap and, on
 * Xen, a hypercall. Elsewhere, and when memory is short, one.
 */
static unsigned pages_wanted(const struct region *r, uintptr_t va)
{
	uintptr_t end = MIN(ALIGN_DOWN(va, RUN_BYTES) + RUN_BYTES, r->end);
	unsigned count = 1;

	if (va == r->start || !is_mapped(va - PAGE_SIZE) || page_available() < page_total() / RUN_SHARE)
		return 1;
	while (va + count * PAGE_SIZE < end && !is_mapped(va + count * PAGE_SIZE))
		count++;
	return count;
}

static enum fault_result back_anonymous(const struct region *r, uintptr_t va)
{
	uint64_t pages[PT_RUN_MAX];
	unsigned wanted = pages_wanted(r, va), count = 0;

	for (void *page; count < wanted && (page = page_alloc_zero()); count++)
		pages[count] = virt_to_phys(page);
	if (count && !plat_pt_map_run(va, pages, count, r->prot))
		return FAULT_MENDED;
	while (count)
		page_free(phys_to_virt(pages[--count]), 0);
	return FAULT_NO_MEMORY;
}

static enum fault_result back_page(struct region *r, uintptr_t va)
{
	unsigned flags = r->prot;
	bool shared = false;
	void *page;

	if (!r->pager)
		return back_anonymous(r, va);
	int ret = r->pager->get_page(r->object, r->offset + (va - r->start), &page, &shared);

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
