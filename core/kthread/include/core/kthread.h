/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef CORE_KTHREAD_H
#define CORE_KTHREAD_H

#include <core/sched.h>

/*
 * Create a thread of the kernel that runs fn(arg) on a stack of its own. Returns it runnable, or NULL without memory. It
 * ends, and is freed, when @fn returns. Thread context.
 */
struct thread *thread_create(const char *name, void (*fn)(void *), void *arg);

/* Where the stacks of kernel threads are, each above a page that nothing is mapped at. */
#define KTHREAD_STACKS 0x7ffff0000000ul
#define KTHREAD_STACKS_END 0x7fffffff0000ul

/* Is @addr in one of those pages? */
bool kthread_is_guard(uintptr_t addr);

#endif
