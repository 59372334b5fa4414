/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef CORE_KTHREAD_H
#define CORE_KTHREAD_H

#include <core/sched.h>

/*
 * Create a kernel-started thread running fn(arg) on its own kernel-allocated stack. Returns it runnable, or NULL when out of
 * memory. It ends when fn returns; nobody joins it.
 */
struct thread *thread_create(const char *name, void (*fn)(void *), void *arg);

#endif
