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
#ifdef CONFIG_CORE_USER
	.user_stack = pv_user_stack,
	.user_enter = pv_user_enter,
#endif
	.random = pv_random,
	.idle = pv_idle,
	.suspend = pv_suspend,
	.pt_map = pv_pt_map,
	.pt_map_run = pv_pt_map_run,
	.pt_lookup = pv_pt_lookup,
	.pt_next = pv_pt_next,
	.pt_protect = pv_pt_protect,
	.pt_unmap = pv_pt_unmap,
	.frame_of = pv_frame_of,
	.page_of = pv_page_of,
	.map_foreign = pv_map_foreign,
	.map_grant_table = pv_map_grant_table,
	.grant_place = pv_grant_place,
	.grant_unplace = pv_grant_unplace,
};

/* The page takes the place of a page of the image. */
void shared_info_init(uint64_t maddr)
{
	if (xen_hypercall3(HYPERCALL_UPDATE_VA_MAPPING, (uintptr_t)&shared_info, maddr | PTE_P | PTE_W | PTE_NX, UVMF_INVLPG))
		__builtin_trap();
}

static void *ring_page(uint64_t mfn)
{
	return mfn ? pv_page_of(mfn) : NULL;
}

void pv_start(const struct start_info *info)
{
	xen_set_mode(&xen_pv, info->flags & SIF_INITDOMAIN);
	shared_info_init(info->shared_info);
	trap_init();
	cpu_init();
	memory_init(info);
#ifdef CONFIG_CORE_USER
	pv_user_init();
#endif
	struct start_info *later = phys_to_virt((uintptr_t)info);

	show_memory(later);
	suspend_init(later);
	if (!xen_is_dom0()) {
		xen_console_init(ring_page(later->console.domu.mfn), later->console.domu.evtchn);
		xen_store_init(ring_page(later->store_mfn), later->store_evtchn);
	}
	event_init();
	clock_init();
	sched_init();
	WRITE_ONCE(this_vcpu()->evtchn_upcall_mask, 0);
	boot_main();
}
