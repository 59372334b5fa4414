/* SPDX-License-Identifier: BSD-3-Clause */
/* What code compiled with -fstack-protector-strong wants: the value between its arrays and its return address, and whom to tell. */
#include "stack_guard.h"

#include <core/log.h>
#include <core/random.h>
#include <core/sched.h>

/* Names of the compiler's. */
extern uintptr_t __stack_chk_guard;
void __stack_chk_fail(void) __noreturn;

/* One for all threads: coroutines change stacks without the thread's knowledge. */
uintptr_t __stack_chk_guard;

void stack_guard_init(void)
{
	uintptr_t value;

	random_bytes(&value, sizeof(value));
	/* The byte that comes first ends strings: what copies one cannot read or write the others. */
	__stack_chk_guard = value & ~(uintptr_t)0xff;
}

void __stack_chk_fail(void)
{
	const struct thread *t = thread_self();

	panic("stack smashed: a write went past a local array of the function around 0x%lx, thread %d (%s)",
	      (uintptr_t)__builtin_return_address(0), thread_id(t), thread_name(t));
}
