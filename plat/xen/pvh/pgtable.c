/* SPDX-License-Identifier: BSD-3-Clause */
#include <core/alloc.h>
#include <core/log.h>
#include <core/sched.h>
#include <plat/pgtable.h>

#include "pvh.h"

static void (*caller_gone)(uint64_t pa, unsigned flags); /* of the pvh_pt_unmap() under way */

uint64_t pvh_frame_of(const void *page)
{
	return virt_to_phys(page) >> PAGE_SHIFT;
}

void *pvh_page_of(uint64_t frame)
{
	return phys_to_virt(frame << PAGE_SHIFT);
}

bool pvh_pt_lookup(uintptr_t va, uint64_t *pa, unsigned *flags)
{
	if (!native_pt_lookup(va, pa, flags))
		return false;
	if (*flags & PT_FOREIGN)
		*pa = 0;
	return true;
}

static void gone(uint64_t pa, unsigned flags)
{
	if (flags & PT_FOREIGN)
		pvh_frame_release(pa >> PAGE_SHIFT);
	caller_gone(flags & PT_FOREIGN ? 0 : pa, flags);
}

void pvh_pt_unmap(uintptr_t start, uintptr_t end, void (*fn)(uint64_t pa, unsigned flags))
{
	ASSERT(!preempt_allowed()); /* so nobody else's @caller_gone comes between */
	caller_gone = fn;
	native_pt_unmap(start, end, gone);
}
