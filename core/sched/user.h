/* SPDX-License-Identifier: BSD-3-Clause */
/* A thread's program in user mode: what a switch between threads means for it. */
#ifndef SCHED_USER_H
#define SCHED_USER_H

#ifdef CONFIG_CORE_USER
#include <arch/fpu.h>
#include <core/user.h>
#include <plat/user.h>

/* From one's program, or NULL, to another's, or NULL. Preemption is disabled. */
static inline void user_switch(struct user *from, const struct user *to)
{
	if (from && !from->state_saved) {
		fpu_save(from->state);
		from->state_saved = true;
	}
	if (to)
		plat_user_stack(to->stack_top);
}
#else
#define user_switch(from, to) ((void)(from))
#endif

#endif
