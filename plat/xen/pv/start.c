/* SPDX-License-Identifier: BSD-3-Clause */
#include <arch/pgtable.h>
#include <core/alloc.h>
#include <core/boot.h>
#include <core/thread.h>

#include "pv.h"

__noreturn void pv_start(const struct start_info *info);

const struct xen_mode xen_pv = {
	.stacks_backed = pv_stacks_backed,
	.cmdline = pv_cmdline,
	.initrd = pv_initrd,
	.thread_switch = pv_thread_switch,
	.random = pv_random,
	.idle = pv_idle,
	.pt_map = pv_pt_map,
	.pt_map_run = pv_pt_map_run,
	.pt_lookup = pv_pt_lookup,
	.pt_next = pv_pt_next,
	.pt_protect = pv_pt_protect,
	.pt_unmap = pv_pt_unmap,
	.frame_of = pv_frame_of,
	.map_foreign = pv_map_foreign,
	.map_grant_table = pv_map_grant_table,
	.grant_place = pv_grant_place,
	.grant_unplace = pv_grant_unplace,
};

/* The page takes the place of a page of the image. */
static void shared_info_init(uint64_t maddr)
{
	if (xen_hypercall3(HYPERCALL_UPDATE_VA_MAPPING, (uintptr_t)&shared_info, maddr | PTE_P | PTE_W | PTE_NX, UVMF_INVLPG))
		__builtin_trap();
}

/*
 * For the toolstack, which finds this domain's memory so when it saves a dump (xl dump-core): a page that lists pages that list the pages of the
 * list of machine frames. Without it there is no dump, and no harm. @info is in the direct map.
 */
static void show_memory(const struct start_info *info)
{
	const uint64_t per_page = PAGE_SIZE / sizeof(uint64_t);
	uint64_t *top = page_alloc_zero(), *list = NULL;

	for (uint64_t i = 0; top && i < DIV_ROUND_UP(info->nr_pages, per_page); i++) {
		if (i % per_page == 0) {
			list = i / per_page < per_page ? page_alloc_zero() : NULL;
			if (!list)
				return;
			top[i / per_page] = pfn_to_mfn(virt_to_phys(list) >> PAGE_SHIFT);
		}
		list[i % per_page] = pfn_to_mfn((info->mfn_list >> PAGE_SHIFT) + i);
	}
	if (!top)
		return;
	shared_info.max_pfn = info->nr_pages;
	shared_info.p2m_list_list = pfn_to_mfn(virt_to_phys(top) >> PAGE_SHIFT);
}

static void *ring_page(uint64_t mfn)
{
	return mfn ? phys_to_virt(MACHINE_TO_PHYS[mfn] << PAGE_SHIFT) : NULL;
}

void pv_start(const struct start_info *info)
{
	xen_set_mode(&xen_pv, info->flags & SIF_INITDOMAIN);
	shared_info_init(info->shared_info);
	trap_init();
	cpu_init();
	memory_init(info);
	info = phys_to_virt((uintptr_t)info);
	show_memory(info);
	if (!xen_is_dom0()) {
		xen_console_init(ring_page(info->console.domu.mfn), info->console.domu.evtchn);
		xen_store_init(ring_page(info->store_mfn), info->store_evtchn);
	}
	event_init();
	clock_init();
	sched_init();
	WRITE_ONCE(this_vcpu()->evtchn_upcall_mask, 0);
	boot_main();
}
