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

/* Threads of the program; the last one to exit ends the process. */
extern int posix_thread_count;

/* Does the process have the effective capability of this number (capabilities(7))? */
bool has_capability(unsigned number);

/* The running thread's data; NULL in threads of the kernel's. */
struct posix_thread *posix_thread_self(void);

#endif
