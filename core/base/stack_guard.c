/* SPDX-License-Identifier: BSD-3-Clause */
/* What code compiled with -fstack-protector-strong refers to. */
#include <core/stack_guard.h>

#include <core/log.h>

/* Names of the compiler's. */
extern uintptr_t __stack_chk_guard;
void __stack_chk_fail(void) __noreturn;

/* One for all threads: coroutines change stacks without the thread's knowledge. */
uintptr_t __stack_chk_guard;
const char *(*stack_guard_thread)(int *id);

void stack_guard_set(uintptr_t value)
{
	/* The byte that comes first ends strings: a function that copies one can neither read nor write the others. */
	__stack_chk_guard = value & ~(uintptr_t)0xff;
}

void __stack_chk_fail(void)
{
	int id = 0;
	const char *name = stack_guard_thread ? stack_guard_thread(&id) : NULL;

	panic("stack smashed: a write went past a local array of the function around 0x%lx, thread %d (%s)",
	      (uintptr_t)__builtin_return_address(0), id, name ? name : "none yet");
}
