/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef CORE_KTHREAD_H
#define CORE_KTHREAD_H

#include <core/sched.h>

/*
 * Create a thread of the kernel that runs fn(arg) on a stack of its own. Returns it runnable, or NULL without memory. It
 * ends, and is freed, when @fn returns. Thread context.
 */
struct thread *thread_create(const char *name, void (*fn)(void *), void *arg);

#endif
