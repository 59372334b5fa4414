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

#ifdef CONFIG_CORE_PROCESSES
/* Do these CLONE_* flags ask for what vfork() does? */
bool program_can_vfork(unsigned long flags);

/*
 * As program_clone(), but the thread is the first one of a new process, which has the running one's memory, and the running thread sleeps until that
 * has other memory or has ended. Returns the new pid, -EAGAIN or -ENOMEM.
 */
long program_vfork(const struct user *u, const long args[5]);

/* Do these CLONE_* flags ask for a process with a copy of the memory, and can the running one, which has to have one thread, have such a child? */
bool program_can_fork(unsigned long flags);

/* As program_vfork(), and then the parent's memory is again what it was: fork(2), but that parent and child do not run at the same time. */
long program_fork(const struct user *u, const long args[5]);

/*
 * execve(2) of the running thread, @u's, with the call's arguments: path, argument list, environment. Returns only if it cannot: what the call says,
 * and nothing has changed. Set by posix/exec.
 */
extern long (*program_execve)(struct user *u, const long args[3]);

/* For another program in the running process: end its other threads, and wait until they have. False: somebody else ends the process. */
bool program_end_others(void);
/* The running thread's program has been replaced, and nothing it had is used any more: whoever waits for that goes on. */
void program_replaced(void);
#endif

#endif
