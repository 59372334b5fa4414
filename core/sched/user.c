/* SPDX-License-Identifier: BSD-3-Clause */
#include <core/user.h>

#include <arch/fpu.h>
#include <core/errno.h>
#include <core/string.h>
#include <plat/user.h>

#define X87_CONTROL 0x37f
#define MXCSR_OFFSET 24
#define MXCSR_DEFAULT 0x1f80

void (*user_call_hook)(struct user *u);
void (*user_signal_hook)(void);

static void first_state(char *state)
{
	const uint16_t control = X87_CONTROL;
	const uint32_t mxcsr = MXCSR_DEFAULT;

	memset(state, 0, fpu_size());
	memcpy(state, &control, sizeof(control));
	memcpy(state + MXCSR_OFFSET, &mxcsr, sizeof(mxcsr));
}

size_t user_size(void)
{
	return sizeof(struct user) + fpu_size() + FPU_ALIGN;
}

void user_init(struct user *u, const struct user *like)
{
	u->state = (void *)ALIGN_UP((uintptr_t)(u + 1), FPU_ALIGN);
	u->state_saved = true;
	if (!like)
		first_state(u->state);
	else if (like->state_saved)
		memcpy(u->state, like->state, fpu_size());
	else
		fpu_save(u->state);
}

void user_start(struct user *u, const struct regs *regs, uintptr_t stack_top)
{
	struct thread *self = thread_self();

	u->stack_top = stack_top;
	u->regs = (struct regs *)(stack_top - REGS_SIZE);
	self->signals_held = 1;
	barrier();
	preempt_disable();
	self->user = u;
	plat_user_stack(stack_top);
	preempt_enable();
	plat_user_enter(regs, stack_top);
}

void user_resume(void)
{
	const struct user *u = thread_self()->user;

	plat_user_enter(u->regs, u->stack_top);
}

void user_fault(void)
{
	thread_self()->user->regs->rax = -EFAULT;
	user_resume();
}

void user_call(void)
{
	user_call_hook(thread_self()->user);
}

void user_before_return(void)
{
	if (unlikely(thread_self()->interrupted))
		user_signal_hook();
}

bool user_must_stay(void)
{
	struct thread *self = thread_self();

	if (unlikely(self->interrupted))
		return true;
	if (self->user->state_saved) {
		fpu_restore(self->user->state);
		self->user->state_saved = false;
	}
	return false;
}
