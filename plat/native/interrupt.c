/* SPDX-License-Identifier: BSD-3-Clause */
/* Interrupts' way from the entry to their handlers: noted first, handled when preemption is enabled (core/sched.h). */
#include <arch/fpu.h>
#include <core/thread.h>
#include <plat/exception.h>
#include <plat/interrupt.h>
#include <plat/plat.h>
#include <plat/user_stack.h>

#include "native.h"

native_note_t native_note;

/* What the handlers' part of an interrupt takes of the interrupted stack, besides the extended state. */
#define INTERRUPT_ROOM 3072u

/*
 * Does the interrupted thread have room for the work? One that is about to use up its stack is left to its fault, which it may handle; the
 * interrupt stays noted until then, or until the next.
 */
static bool has_room(const struct regs *r)
{
	return thread_stack_left(thread_self(), r->rsp) >= REGS_SIZE + fpu_size() + FPU_ALIGN + INTERRUPT_ROOM;
}

/*
 * Interrupts off. Where they were off before too, one came twice (native_upcall_init()): the first is still to be handled. Returns the end of the
 * stack on which to continue in native_interrupt_on_stack(), or 0.
 */
uintptr_t native_interrupt(struct regs *r)
{
	if (!native_note(r->vector) || !preempt_allowed() || !(r->rflags & RFLAGS_IF))
		return 0;
	if (regs_are_user(r))
		return user_kernel_stack();
	return has_room(r) ? r->rsp : 0;
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
