/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef PROCESS_INTERNAL_H
#define PROCESS_INTERNAL_H

#include <core/process.h>
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
#ifdef CONFIG_CORE_PROCESSES
	bool last; /* the process ends with it */
#endif
};

#define CLONE_VM 0x100ul
#define CLONE_SIGHAND 0x800ul
#define CLONE_VFORK 0x4000ul
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
#ifdef CONFIG_CORE_PROCESSES
	uintptr_t process; /* of which it is the first thread, a new one; 0: it is the running one's */
#endif
};

/* The size of a stack of the kernel's for a thread. */
#define OWN_STACK (32ul << 10)

/* What clone(2) with @args makes of the running thread, @u's, in user mode: @plan->user is the caller's. False without memory. */
bool program_plan(const struct user *u, const long args[5], struct thread_plan *plan);

/* Start a thread; of CLONE_* @flags those count that say where its id goes. Returns that, or -EAGAIN. */
long posix_thread_start(const struct thread_plan *plan, unsigned long flags);

/* Threads of the process; the last one to exit ends it. */
extern int thread_count_of_process;
#define posix_thread_count process_local(thread_count_of_process)

#ifdef CONFIG_CORE_PROCESSES
/* The running process ends as @status tells, as wait(2) has it, and so does the running thread. The end of the first one is the image's. */
void __noreturn process_exit(int status);
/* The running thread ends, and if it is the last one its process with this exit status. */
void __noreturn process_thread_exit(int status);
/* A thread of @process is gone, and if it was the @last one so is the process. Preemption disabled. */
void process_thread_gone(uintptr_t process, bool last);
#endif

/* Does the process have the effective capability of this number (capabilities(7))? */
bool has_capability(unsigned number);

/* The running thread's data; NULL in threads of the kernel's. */
struct posix_thread *posix_thread_self(void);

#endif
