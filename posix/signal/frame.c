/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Handlers of programs in user mode: a frame on the program's stack, below its red zone, as the System V ABI's supplement and Linux have it. The
 * handler returns to the program's restorer, which calls rt_sigreturn().
 */
#include "internal.h"

#include <core/init.h>
#include <core/log.h>
#include <core/string.h>
#include <core/user.h>
#include <core/vmem.h>

#define STATE_ALIGN 64
#define STACK_ALIGN 16

struct frame {
	uintptr_t restorer; /* the handler's return address */
	struct ucontext context;
	struct siginfo info;
};

union place {
	uintptr_t address;
	struct frame *frame;
};

uintptr_t signal_user_stack(void)
{
	return thread_self()->user->regs->rsp;
}

/* Where the handler's stack begins. */
static uintptr_t stack_for(const struct ksigaction *action, const struct signal_thread *st)
{
	if (action->flags & SA_ONSTACK && !(st->alt.flags & SS_DISABLE) && !signal_on_alt(st))
		return st->alt.base + st->alt.size;
	return signal_user_stack() - USER_RED_ZONE;
}

/* The first handler that runs decides about the call that its signal ended. */
static void decide_restart(struct user *u, const struct ksigaction *action)
{
	if (u->restart == USER_RESTART_FLAGGED && action->flags & SA_RESTART)
		user_call_again(u);
	u->restart = USER_RESTART_NONE;
}

static void fill(struct frame *f, uintptr_t state, const struct signal_info *info, const struct ksigaction *action,
                 uint64_t old)
{
	const struct signal_thread *st = signal_self();

	memset(f, 0, sizeof(*f));
	user_save_context(&f->context, state);
	f->restorer = action->restorer;
	f->context.stack.base = st->alt.base;
	f->context.stack.size = st->alt.size;
	f->context.stack.flags = signal_on_alt(st) ? SS_ONSTACK : st->alt.flags;
	f->context.context.old_mask = f->context.mask = old;
	signal_fill(&f->info, info);
}

void signal_push_frame(const struct signal_info *info, const struct ksigaction *action, uint64_t old)
{
	struct user *u = thread_self()->user;
	uintptr_t top = stack_for(action, signal_self());
	uintptr_t state = ALIGN_DOWN(top - user_state_size(), STATE_ALIGN);
	const union place at = { ALIGN_DOWN(state - sizeof(struct frame), STACK_ALIGN) - sizeof(uintptr_t) };

	decide_restart(u, action);
	if (at.address > top || !vmem_accessible(at.address & PAGE_MASK, top - (at.address & PAGE_MASK), VMEM_WRITE)) {
		pr_err("signal %d: no stack for its handler at 0x%lx", info->signo, top);
		signal_terminate(SIGSEGV);
	}
	fill(at.frame, state, info, action, old);
	user_set_function(u, action->handler, at.address,
	                  (const uintptr_t[]){ info->signo, at.address + offsetof(struct frame, info),
	                                       at.address + offsetof(struct frame, context) });
}

void signal_return(void)
{
	/* The return address is off the stack. */
	const union place at = { signal_user_stack() - sizeof(uintptr_t) };
	const struct frame *f = at.frame;
	bool good = vmem_accessible(at.address & PAGE_MASK, sizeof(*f) + (at.address & ~PAGE_MASK), VMEM_READ);
	uintptr_t state = good ? f->context.context.state : 0;

	if (state)
		good = vmem_accessible(state & PAGE_MASK, user_state_size() + (state & ~PAGE_MASK), VMEM_READ);
	if (!good || !user_load_context(&f->context)) {
		pr_err("rt_sigreturn: no frame of a signal at 0x%lx", at.address);
		signal_terminate(SIGSEGV);
	}
	signal_swap_mask(f->context.mask);
}

static void deliver_to_program(void)
{
	signal_deliver();
}

static int frame_init(void)
{
	user_signal_hook = deliver_to_program;
	return 0;
}
INITCALL(INIT_PROCESS, frame_init);
