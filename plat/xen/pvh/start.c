/* SPDX-License-Identifier: BSD-3-Clause */
/* A PVH domain: a machine of its own (plat/native) whose interrupts, clock and devices are Xen's. */
#include <arch/cpu.h>
#include <core/boot.h>
#include <core/log.h>
#include <core/thread.h>
#include <core/vmem.h>
#include <plat/pgtable.h>

#include "pvh.h"

#define LEAF_HYPERCALL 2 /* ebx: the MSR of the hypercall page */

extern char hypercall_page[];

const struct xen_mode xen_pvh = {
	.stacks_backed = native_stacks_backed, /* and Xen repeats upcalls */
	.cmdline = native_cmdline,
	.initrd = native_initrd,
	.thread_switch = native_thread_switch,
#ifdef CONFIG_CORE_USER
	.user_stack = native_user_stack,
	.user_enter = native_user_enter,
#endif
	.random = native_random,
	.idle = native_idle,
	.suspend = pvh_suspend,
	.pt_map = native_pt_map,
	.pt_map_run = native_pt_map_run,
	.pt_lookup = pvh_pt_lookup,
	.pt_next = native_pt_next,
	.pt_protect = native_pt_protect,
	.pt_unmap = pvh_pt_unmap,
	.frame_of = pvh_frame_of,
	.page_of = pvh_page_of,
	.map_foreign = pvh_map_foreign,
	.map_grant_table = pvh_map_grant_table,
	.grant_place = pvh_grant_place,
	.grant_unplace = pvh_grant_unplace,
};

/* Nobody could be told of a failure before there are hypercalls. */
static void hypercall_page_init(void)
{
	uint32_t base = pvh_cpuid_base();

	if (!base)
		__builtin_trap();
	wrmsr(cpuid(base + LEAF_HYPERCALL, 0).ebx, (uintptr_t)hypercall_page);
}

uint64_t pvh_param(unsigned index)
{
	struct hvm_param op = { .domid = DOMID_SELF, .index = index };

	return xen_hypercall3(HYPERCALL_HVM_OP, HVMOP_GET_PARAM, (uintptr_t)&op, 0) ? 0 : op.value;
}

/* The page takes the place of a page of the image. */
static void shared_info_init(void)
{
	int ret = pvh_frame_fill((uintptr_t)&shared_info >> PAGE_SHIFT, XENMAPSPACE_SHARED_INFO, 0);

	if (ret)
		panic("Xen refuses the shared page: errno %d", -ret);
}

/* Frames that the domain builder shares are not in the memory map, so not in the direct map. */
static void *ring_page(uint64_t frame)
{
	if (!frame)
		return NULL;
	long va = vmem_map(&(struct vmem_map_args){ .size = PAGE_SIZE, .name = "ring" });

	if (va < 0 || native_pt_map(va, frame << PAGE_SHIFT, PT_READ | PT_WRITE | PT_SHARED))
		panic("no memory to map a ring of the domain builder's");
	return (void *)va;
}

/* A vector by itself, which needs no end-of-interrupt. */
static void callback_init(void)
{
	struct hvm_param op = { .domid = DOMID_SELF,
		                .index = HVM_PARAM_CALLBACK_IRQ,
		                .value = HVM_CALLBACK_VECTOR | NATIVE_VECTOR_UPCALL };
	long ret = xen_hypercall3(HYPERCALL_HVM_OP, HVMOP_SET_PARAM, (uintptr_t)&op, 0);

	if (ret)
		panic("Xen refuses to deliver events by a vector: errno %ld", -ret);
}

void pvh_share(void)
{
	hypercall_page_init();
	shared_info_init();
	callback_init();
}

static bool note_interrupt(unsigned vector)
{
	if (vector != NATIVE_VECTOR_UPCALL)
		return false;
	event_note();
	return true;
}

void pvh_start(const struct pvh_start_info *given)
{
	struct pvh_start_info info = *given;

	hypercall_page_init();
	native_trap_init(note_interrupt);
	native_upcall_init();
	native_cpu_init();
	pvh_add_memory_map(&info);
	native_check_start_info(&info);
	xen_set_mode(&xen_pvh, info.flags & SIF_INITDOMAIN);
	shared_info_init();
	native_memory_init(&info);
	pvh_frames_init();
	xen_console_init(ring_page(pvh_param(HVM_PARAM_CONSOLE_PFN)), pvh_param(HVM_PARAM_CONSOLE_EVTCHN));
	xen_store_init(ring_page(pvh_param(HVM_PARAM_STORE_PFN)), pvh_param(HVM_PARAM_STORE_EVTCHN));
	event_init();
	callback_init();
	clock_init();
	sched_init();
	__asm__ volatile("sti");
	boot_main();
}
