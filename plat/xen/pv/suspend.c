/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What Xen and the toolstack want of a PV domain that suspends itself. Of the frames that this domain's memory names, the toolstack exchanges those
 * in present page-table entries and in the list of machine frames. In the start information it fills in new ones where it finds our numbers of the
 * two rings' pages. It finds the start information by the third argument of the hypercall. Pages that are not this domain's, as the shared one,
 * must not be mapped, or it cannot save the domain.
 */
#include <arch/pgtable.h>
#include <core/log.h>
#include <plat/layout.h>

#include "pv.h"

static struct start_info *info;

void suspend_init(struct start_info *from)
{
	info = from;
}

static void ring_frames_to_ours(void)
{
	info->store_mfn = MACHINE_TO_PHYS[info->store_mfn];
	info->console.domu.mfn = MACHINE_TO_PHYS[info->console.domu.mfn];
}

static void ring_frames_to_machine(void)
{
	info->store_mfn = pfn_to_mfn(info->store_mfn);
	info->console.domu.mfn = pfn_to_mfn(info->console.domu.mfn);
}

/* The page of the image takes its place again: whatever is looked at there meanwhile is zero. */
static void hide_shared_info(void)
{
	uintptr_t va = (uintptr_t)&shared_info;

	pgtable_set(va, pfn_to_mfn(va >> PAGE_SHIFT) << PAGE_SHIFT | PTE_P | PTE_W | PTE_NX);
}

bool pv_suspend(void)
{
	uint32_t reason = SHUTDOWN_SUSPEND;

	WRITE_ONCE(this_vcpu()->evtchn_upcall_mask, 1);
	ring_frames_to_ours();
	hide_shared_info();
	bool cancelled = xen_hypercall3(HYPERCALL_SCHED_OP, SCHEDOP_SHUTDOWN, (uintptr_t)&reason, pv_frame_of(info));

	shared_info_init(info->shared_info);
	show_memory(info);
	if (cancelled) {
		ring_frames_to_machine();
	} else {
		xen_console_move(info->console.domu.evtchn);
		xen_store_move(info->store_evtchn);
	}
	return cancelled;
}
