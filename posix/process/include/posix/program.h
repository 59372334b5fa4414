/* SPDX-License-Identifier: BSD-3-Clause */
/* Threads of a program in user mode (CONFIG_CORE_USER). Thread context. */
#ifndef POSIX_PROGRAM_H
#define POSIX_PROGRAM_H

#include <stdbool.h>
#include <stdint.h>

struct user;

/* Do these CLONE_* flags ask for a thread, and not for a process? */
bool program_can_clone(unsigned long flags);

/*
 * clone(2) of the running thread, @u's, with @args as the call has them: flags, stack, where ids go (parent, child), TLS. The thread goes on
 * with the same registers but rax, and the stack if that is not 0. Returns its id, or -EAGAIN.
 */
long program_clone(const struct user *u, const long args[5]);

#endif
