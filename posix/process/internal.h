/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef PROCESS_INTERNAL_H
#define PROCESS_INTERNAL_H

#include <core/thread.h>
#include <posix/signal.h>

/* What the POSIX layer adds to a thread. */
struct posix_thread {
	struct thread thread;
	struct signal_thread *signals;
	int (*fn)(void *);
	void *arg;
	int *clear_tid; /* zeroed and woken at the end */
	struct robust_list_head *robust; /* the program's */
	uintptr_t own_stack; /* the lowest address of one that the program did not give, or 0 */
	uintptr_t unmap_base; /* stack to unmap after the end, or 0 */
	size_t unmap_size;
};

#define CLONE_VM 0x100ul
#define CLONE_SIGHAND 0x800ul
#define CLONE_THREAD 0x10000ul
#define CLONE_SETTLS 0x80000ul
#define CLONE_PARENT_SETTID 0x100000ul
#define CLONE_CHILD_CLEARTID 0x200000ul
#define CLONE_CHILD_SETTID 0x1000000ul

/* What a thread to come is given: see uk_clone(). */
struct thread_plan {
	int (*fn)(void *);
	void *arg;
	uintptr_t lowest, top; /* its stack; both 0: one of the kernel's */
	uintptr_t tls;
	int *ptid, *ctid;
	struct user *user; /* of a program in user mode, or NULL; the thread's own on success */
};

/* The size of a stack of the kernel's for a thread. */
#define OWN_STACK (32ul << 10)

/* Start a thread; of CLONE_* @flags those count that say where its id goes. Returns that, or -EAGAIN. */
long posix_thread_start(const struct thread_plan *plan, unsigned long flags);

/* Threads of the program; the last one to exit ends the process. */
extern int posix_thread_count;

/* Does the process have the effective capability of this number (capabilities(7))? */
bool has_capability(unsigned number);

/* The running thread's data; NULL in threads of the kernel's. */
struct posix_thread *posix_thread_self(void);

#endif
