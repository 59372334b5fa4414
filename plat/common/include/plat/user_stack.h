/* SPDX-License-Identifier: BSD-3-Clause */
/* Where a program in user mode comes into the kernel (core/user.h). */
#ifndef PLAT_USER_STACK_H
#define PLAT_USER_STACK_H

#include <core/thread.h>
#ifdef CONFIG_CORE_USER
#include <core/user.h>
#endif

/* The end of the running thread's stack for that; only when it was interrupted in user mode. */
static inline uintptr_t user_kernel_stack(void)
{
#ifdef CONFIG_CORE_USER
	return thread_self()->user->stack_top;
#else
	return 0;
#endif
}

#endif
