/* SPDX-License-Identifier: BSD-3-Clause */
/* Switching between threads. */
#ifndef ARCH_CONTEXT_H
#define ARCH_CONTEXT_H

#include <stdint.h>

/*
 * Save the callee-saved registers and floating-point control words on the running stack and its pointer in *@save_sp, then
 * continue on the stack @next_sp, saved earlier by this function or made by arch_context_make().
 */
void arch_context_switch(uintptr_t *save_sp, uintptr_t next_sp);

/* Prepare the stack that ends at @stack_top so that a switch to the returned pointer calls entry(arg), which never returns. */
uintptr_t arch_context_make(uintptr_t stack_top, void (*entry)(void *), void *arg);

/* Call fn(arg) on the stack that ends at @stack_top, and come back to this one. */
void arch_call_on_stack(void (*fn)(void *), void *arg, uintptr_t stack_top);

/* Continue with fn(arg) on the stack that ends at @stack_top; the present one is abandoned. */
_Noreturn void arch_jump_to_stack(void (*fn)(void *), void *arg, uintptr_t stack_top);

static inline uintptr_t arch_stack_pointer(void)
{
	uintptr_t sp;

	__asm__ volatile("mov %%rsp, %0" : "=r"(sp));
	return sp;
}

static inline uintptr_t arch_frame_pointer(void)
{
	uintptr_t fp;

	__asm__ volatile("mov %%rbp, %0" : "=r"(fp));
	return fp;
}

#endif
