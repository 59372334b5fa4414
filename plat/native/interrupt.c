/* SPDX-License-Identifier: BSD-3-Clause */
/* Interrupts' way from the entry to their handlers: noted first, handled when preemption is enabled (core/sched.h). */
#include <core/thread.h>
#include <plat/exception.h>
#include <plat/interrupt.h>
#include <plat/plat.h>

#include "native.h"

/* Interrupts off. Where they were off before too, one came twice (native_upcall_init()): the first is still to be handled. */
bool native_interrupt(struct regs *r)
{
	return native_note_interrupt(r->vector) && preempt_allowed() && r->rflags & RFLAGS_IF;
}

/* On the interrupted thread's stack, interrupts still off. */
void native_interrupt_on_stack(struct regs *r __unused)
{
	preempt_enter_exception();
	do {
		__asm__ volatile("sti");
		interrupt_work();
		__asm__ volatile("cli");
	} while (plat_irq_pending());
	preempt_leave_exception();
}

void native_idle(void)
{
	__asm__ volatile("cli");
	if (plat_irq_pending())
		__asm__ volatile("sti");
	else
		__asm__ volatile("sti; hlt");
}
