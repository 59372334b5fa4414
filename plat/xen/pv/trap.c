/* SPDX-License-Identifier: BSD-3-Clause */
/* Exceptions and events from Xen. Frames arrive on the running stack, so all stacks are backed. */
#include <core/thread.h>
#include <plat/exception.h>
#include <plat/interrupt.h>
#include <plat/plat.h>

#include "pv.h"

#define VECTORS 20
#define STUB_SIZE 32

extern const char pv_trap_stubs[], event_entry[], failsafe_entry[];
#ifdef CONFIG_CORE_USER
extern const char pv_syscall_entry[];
#else
#define pv_syscall_entry NULL
#endif

void trap_init(void)
{
	static struct trap_info_entry table[VECTORS + 1];

	for (unsigned v = 0; v < VECTORS; v++)
		table[v] = (struct trap_info_entry){ v, TRAP_FLAG_DPL3 | TRAP_FLAG_MASK_EVENTS, KERNEL_CS,
			                             (uintptr_t)pv_trap_stubs + v * STUB_SIZE };
	if (xen_hypercall3(HYPERCALL_SET_TRAP_TABLE, (uintptr_t)table, 0, 0) ||
	    xen_hypercall3(HYPERCALL_SET_CALLBACKS, (uintptr_t)event_entry, (uintptr_t)failsafe_entry,
	                   (uintptr_t)pv_syscall_entry))
		__builtin_trap();
}

void mask_events(void)
{
	WRITE_ONCE(this_vcpu()->evtchn_upcall_mask, 1);
	barrier();
}

void unmask_events(void)
{
	barrier();
	WRITE_ONCE(this_vcpu()->evtchn_upcall_mask, 0);
	barrier();
}

/* Run what is noted, give others the CPU. Returns with events masked and none noted. */
static void work(void)
{
	preempt_enter_exception();
	do {
		unmask_events();
		interrupt_work();
		mask_events();
	} while (xen_irq_pending());
	preempt_leave_exception();
}

static void deliver(void *regs)
{
	exception_deliver(regs);
}

void xen_exception(struct regs *r)
{
	uint64_t addr = r->vector == EXCEPTION_PAGE_FAULT ? this_vcpu()->cr2 : 0;

	uintptr_t stack = exception_handle(r, addr);

	if (stack) {
		unmask_events();
		if (stack == r->rsp || regs_are_user(r)) /* a program's frame is on the kernel's stack already */
			exception_deliver(r);
		else
			thread_call_on_stack(deliver, r, stack);
		mask_events();
	}
	if (!(r->rflags & RFLAGS_IF))
		return;
	/* What came meanwhile would otherwise wait for the next event. */
	if (preempt_allowed() && xen_irq_pending())
		work();
	unmask_events();
}

/* While preemption is disabled an event stays noted, and events masked, until xen_irq_run_pending(). */
bool xen_event(struct regs *r __unused)
{
	if (!preempt_allowed())
		return false;
	work();
	return true;
}

void pv_idle(void)
{
	if (!xen_irq_pending())
		xen_hypercall3(HYPERCALL_SCHED_OP, SCHEDOP_BLOCK, 0, 0); /* unmasks, and returns at once if there is an event */
}

/* Frames of exceptions and events arrive on the running stack. */
bool pv_stacks_backed(void)
{
	return true;
}
