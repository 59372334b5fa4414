/* SPDX-License-Identifier: BSD-3-Clause */
/* From the platform's entry to the application. */
#ifndef CORE_BOOT_H
#define CORE_BOOT_H

#include <core/base.h>

/* Run the initialisers and start the application. Called once by the platform: memory, clock and the first thread are up. */
void boot_main(void) __noreturn;

/*
 * The application's entry, given by the C library's glue (libs/musl): run constructors and main(), end with exit(). An image without a C
 * library defines it itself. Called on a stack of the first thread's own.
 */
void uk_libc_start(int argc, char **argv, char **envp) __noreturn;

/* What uk_libc_start() is called with, both ended by NULL: for /proc. The auxiliary vector is what its user has announced, or NULL. */
extern char **boot_argv, **boot_environment;
extern const unsigned long *boot_auxv;

/* Have @fn run when the program ends, in thread context. At most a few, from initialisers. */
void boot_at_exit(void (*fn)(void));
/* The program ends with @status (0 to 255): end the domain. */
void boot_exit(int status) __noreturn;

/* Size of the first thread's stack; a reservation, backed as it is touched. */
#define BOOT_STACK_SIZE (8ul << 20)
/* The same where stacks are backed at once. */
#define BOOT_STACK_BACKED (512ul << 10)

/*
 * Bytes of stack for a thread that does not say how many it wants: as many as the first one has, as in a Linux program of the GNU C library. 0 where
 * stacks are backed at once: the C library's own measure. Set before uk_libc_start().
 */
extern size_t boot_thread_stack;

/*
 * Value of "name=value" among the kernel's own arguments (before "--"), or NULL; a bare "name" gives "". The string ends at the
 * next blank.
 */
const char *boot_argument(const char *name);

#endif
