/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * System calls as functions.
 *
 * Every call of the table is an ordinary C function `uk_syscall_<name>` with the Linux x86-64 arguments, each passed as a long, and the
 * Linux result: a value, or a negated errno. The C library's system-call layer resolves to these functions at compile time;
 * uk_syscall6() serves numbers known only at run time, and everything that is not implemented.
 */
#ifndef UK_SYSCALL_H
#define UK_SYSCALL_H

#include <uk/table.h>

#define UK_SYSCALL_ARGS_0 void
#define UK_SYSCALL_ARGS_1 long
#define UK_SYSCALL_ARGS_2 long, long
#define UK_SYSCALL_ARGS_3 long, long, long
#define UK_SYSCALL_ARGS_4 long, long, long, long
#define UK_SYSCALL_ARGS_5 long, long, long, long, long
#define UK_SYSCALL_ARGS_6 long, long, long, long, long, long

#define UK_SYSCALL_DECLARE(number, name, kind, count, ...) long uk_syscall_##name(UK_SYSCALL_ARGS_##count);
UK_SYSCALLS(UK_SYSCALL_DECLARE)
#undef UK_SYSCALL_DECLARE

/* Any call by number. Returns its result, or -ENOSYS after logging the call's name once when it is not implemented. */
long uk_syscall6(long number, long a, long b, long c, long d, long e, long f);

/*
 * What a program asks most, and on Linux without a call (vDSO): the time of clock @id, in *@out, if that is a clock of its own and not of processor
 * time. Returns 1, or 0 for any other clock or none: clock_gettime() tells. A handler may run in its middle, from an interrupt. On any stack.
 */
struct timespec;
int uk_clock_tell(int id, struct timespec *out);

/*
 * For cancellation points. From here until the next call of the running thread has returned no signal handler runs, and a signal that
 * comes makes that call return -EINTR if it would sleep. So what is checked in between stays true until the call sleeps. uk_call_forget()
 * instead of the call lets handlers run again.
 */
void uk_call_prepare(void);
void uk_call_forget(void);

/*
 * Create a thread that runs fn(arg) on the stack [@stack_low, @stack), or on a larger one of its own if that is too small for system calls,
 * and exits with its result. @flags are Linux's CLONE_*: CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD | CLONE_SETTLS are
 * required (there is one address space), CLONE_PARENT_SETTID, CLONE_CHILD_SETTID and CLONE_CHILD_CLEARTID are honoured. Returns the thread id,
 * -EINVAL for flags that would need a new process, or -EAGAIN.
 */
long uk_clone(int (*fn)(void *), void *stack, void *stack_low, unsigned long flags, void *arg, int *ptid, void *tls, int *ctid);

/*
 * With CONFIG_CORE_USER: the calling thread becomes a program that is in memory, in user mode, at instruction @entry with stack pointer @stack;
 * its system calls are the binary syscall instruction's. Returns only if it cannot: -ENOMEM.
 */
long uk_program_start(unsigned long entry, unsigned long stack);

/* Unmap [base, base + size), which may be the running stack, and end the calling thread. */
_Noreturn void uk_unmapself(void *base, unsigned long size);

#endif
