/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef BOOT_STACK_GUARD_H
#define BOOT_STACK_GUARD_H

#ifdef CONFIG_STACK_PROTECTOR
/* Choose this boot's guard value. For a function that does not return, and nor do its callers: their frames have the old one. */
void stack_guard_init(void) __attribute__((no_stack_protector));
#else
static inline void stack_guard_init(void)
{
}
#endif

#endif
