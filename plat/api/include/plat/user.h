/* SPDX-License-Identifier: BSD-3-Clause */
/* What a platform does for programs in user mode (core/user.h). */
#ifndef PLAT_USER_H
#define PLAT_USER_H

#include <plat/ops.h>

struct regs;

/* The running thread, or the one that runs next, comes into the kernel on the stack that ends at @top. Preemption is disabled. */
static inline void plat_user_stack(uintptr_t top)
{
#ifdef CONFIG_CORE_USER
	plat_ops.user_stack(top);
#else
	(void)top;
#endif
}

#ifdef CONFIG_CORE_USER
/* Copy @regs to the end of the stack that ends at @top, where they may be already, abandon the running one, and go to user mode with them. */
static inline _Noreturn void plat_user_enter(const struct regs *regs, uintptr_t top)
{
	plat_ops.user_enter(regs, top);
	__builtin_unreachable();
}
#endif

#endif
