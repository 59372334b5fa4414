/* SPDX-License-Identifier: BSD-3-Clause */
/* Names for addresses, from the table that the link embeds (scripts/ksyms). */
#ifndef CORE_BACKTRACE_H
#define CORE_BACKTRACE_H

#include <core/base.h>

/*
 * Print the call chain that starts at @pc with frame pointer @fp and stack pointer @sp. @is_return: @pc is where a call returns to, not an
 * instruction that faulted. Names are printed for the kernel's functions only. Reads only accessible memory; any context.
 */
void backtrace_print(uintptr_t pc, bool is_return, uintptr_t fp, uintptr_t sp);

/* Print a line with @what and the function at @pc, a return address. */
void backtrace_print_place(const char *what, uintptr_t pc);

/* Set by core/vmem: may @size bytes at @addr be read? Before that only the image and stacks near @sp are trusted. */
extern bool (*backtrace_readable)(uintptr_t addr, size_t size);

#endif
