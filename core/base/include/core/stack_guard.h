/* SPDX-License-Identifier: BSD-3-Clause */
/* The guard of -fstack-protector-strong: the value between a function's arrays and its return address. */
#ifndef CORE_STACK_GUARD_H
#define CORE_STACK_GUARD_H

#include <core/base.h>

/* Set by core/sched: the running thread's name, its id in *@id; NULL before there are threads. For the report. */
extern const char *(*stack_guard_thread)(int *id);

/*
 * Make @value, random bits, this boot's guard. Once, from a function that has no guard (no_stack_protector) and whose callers do not return:
 * their frames have the old one.
 */
void stack_guard_set(uintptr_t value);

#endif
