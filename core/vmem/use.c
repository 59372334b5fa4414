/* SPDX-License-Identifier: BSD-3-Clause */
/* Looking at the map, and backing it, without changing it. */
#include <core/vmem.h>

#include <core/backtrace.h>
#include <core/errno.h>
#include <core/init.h>
#include <plat/pgtable.h>
#include <plat/thread.h>

#include "vmem.h"

int vmem_populate(uintptr_t addr, size_t size)
{
	for (uintptr_t va = addr; va < addr + size; va += PAGE_SIZE) {
		unsigned flags;
		uint64_t pa;
		enum fault_result result = FAULT_MENDED;

		spin_lock(&vmem_lock);
		if (!plat_pt_lookup(va, &pa, &flags))
			result = vmem_fault_locked(va, VMEM_READ);
		spin_unlock(&vmem_lock);
		if (result != FAULT_MENDED)
			return result == FAULT_NO_MEMORY ? -ENOMEM : -EFAULT;
	}
	return 0;
}

int vmem_back_stack(uintptr_t addr, size_t size)
{
	uintptr_t end = ALIGN_UP(addr + size, PAGE_SIZE);

	if (!plat_stacks_backed() || vmem_outside(addr & PAGE_MASK, size))
		return 0;
	spin_lock(&vmem_lock);
	struct region *r = region_find(&vmem_regions, end - PAGE_SIZE);
	uintptr_t start = r ? MAX(r->start, addr & PAGE_MASK) : end;
	bool usable = r && r->prot & VMEM_WRITE;

	spin_unlock(&vmem_lock);
	return usable ? vmem_populate(start, end - start) : 0;
}

uintptr_t vmem_stack_lowest(uintptr_t top, size_t backed)
{
	spin_lock(&vmem_lock);
	struct region *r = region_find(&vmem_regions, top - 1);
	uintptr_t lowest = r ? r->start : 0;

	spin_unlock(&vmem_lock);
	return lowest && plat_stacks_backed() && top - lowest > backed ? top - backed : lowest;
}

/* Memory that is no reservation: the direct map, the image. */
static bool mapped_elsewhere(uintptr_t addr, size_t size, unsigned prot)
{
	for (uintptr_t va = addr & PAGE_MASK; va < addr + size; va += PAGE_SIZE) {
		unsigned flags = 0;
		uint64_t pa;

		if (is_direct_mapped((void *)va))
			continue;
		spin_lock(&vmem_lock);
		bool ok = plat_pt_lookup(va, &pa, &flags) && (flags & prot) == prot;

		spin_unlock(&vmem_lock);
		if (!ok)
			return false;
	}
	return true;
}

/* The end of the region around @at if that allows @prot, else 0. */
static uintptr_t accessible_until(uintptr_t at, unsigned prot)
{
	spin_lock(&vmem_lock);
	const struct region *r = region_find(&vmem_regions, at);
	uintptr_t end = r && (r->prot & prot) == prot ? r->end : 0;

	spin_unlock(&vmem_lock);
	return end;
}

bool vmem_accessible(uintptr_t addr, size_t size, unsigned prot)
{
	uintptr_t end = addr + size;

	if (!size)
		return true;
	if (end < addr)
		return false;
	if (vmem_outside(addr, size))
		return mapped_elsewhere(addr, size, prot);
	while (addr && addr < end)
		addr = accessible_until(addr, prot);
	return addr;
}

/* With vmem_lock held: the page at @va, of whomever. */
static int translate(uintptr_t va, bool write, paddr_t *pa, bool *foreign)
{
	unsigned flags, want = write ? PT_WRITE : PT_READ;

	if (!plat_pt_lookup(va, pa, &flags) || !(flags & want)) {
		enum fault_result result = vmem_fault_locked(va, want);

		if (result != FAULT_MENDED || !plat_pt_lookup(va, pa, &flags))
			return result == FAULT_NO_MEMORY ? -ENOMEM : -EFAULT;
	}
	*foreign = flags & PT_FOREIGN;
	return 0;
}

int vmem_translate(const void *p, bool write, paddr_t *pa)
{
	if (is_direct_mapped(p)) {
		*pa = virt_to_phys(p);
		return 0;
	}
	bool foreign = false;

	spin_lock(&vmem_lock);
	int ret = translate((uintptr_t)p & PAGE_MASK, write, pa, &foreign);

	spin_unlock(&vmem_lock);
	*pa += (uintptr_t)p & ~PAGE_MASK;
	return foreign ? -EFAULT : ret;
}

int vmem_pin(void *p, bool write, void **at)
{
	bool foreign = false, ours = !vmem_outside((uintptr_t)p, 1);
	paddr_t pa;

	*at = p;
	if (is_direct_mapped(p))
		return 0;
	spin_lock(&vmem_lock);
	int ret = translate((uintptr_t)p & PAGE_MASK, write, &pa, &foreign);

	ours &= !foreign;
	if (!ret && ours)
		ret = page_pin(pa);
	spin_unlock(&vmem_lock);
	if (ret || !ours)
		return ret;
	*at = (char *)phys_to_virt(pa) + ((uintptr_t)p & ~PAGE_MASK);
	return 1;
}

void vmem_unpin(const void *at)
{
	page_unpin(virt_to_phys(at));
}

void *vmem_map_device(paddr_t pa, size_t size)
{
	paddr_t first = pa & PAGE_MASK;
	size_t whole = ALIGN_UP(pa + size, PAGE_SIZE) - first;
	long va = vmem_map(&(struct vmem_map_args){ .size = whole, .name = "device" });

	if (va < 0)
		return NULL;
	for (size_t at = 0; at < whole; at += PAGE_SIZE) {
		spin_lock(&vmem_lock);
		int ret = plat_pt_map(va + at, first + at, PT_READ | PT_WRITE | PT_DEVICE | PT_SHARED);

		spin_unlock(&vmem_lock);
		if (ret) {
			vmem_unmap(va, whole);
			return NULL;
		}
	}
	return (void *)(va + (pa - first));
}

bool vmem_is_backed(uintptr_t addr)
{
	unsigned flags;
	uint64_t pa;

	spin_lock(&vmem_lock);
	bool backed = plat_pt_lookup(addr & PAGE_MASK, &pa, &flags);

	spin_unlock(&vmem_lock);
	return backed;
}

/* For backtraces in the middle of a fault: without causing another. */
static bool can_read(uintptr_t addr, size_t size)
{
	return vmem_accessible(addr, size, VMEM_READ) && (is_direct_mapped((void *)addr) || vmem_is_backed(addr));
}

static int vmem_init(void)
{
	backtrace_readable = can_read;
	return 0;
}
INITCALL(INIT_SERVICES, vmem_init);
