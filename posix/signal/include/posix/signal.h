/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Signals (POSIX.1-2017, XSH 2.4). One process: a signal goes to a thread, or to the process and then to any thread that does not block it.
 * Handlers are ordinary calls on the receiving thread's stack, made when a call it sleeps in is interrupted, when it unblocks or
 * sends itself a signal, or when it was preempted.
 */
#ifndef POSIX_SIGNAL_H
#define POSIX_SIGNAL_H

#include <abi/signal.h>
#include <core/sched.h>

/* What goes with one signal. */
struct signal_info {
	int signo, code;
	int pid;
	uintptr_t value; /* sigqueue() value, or the fault's address */
};

/* Send @sig to one thread, or to the process. Any context. Standard signals do not queue. */
void signal_send_thread(struct thread *t, int sig);
void signal_send_process(int sig);
int signal_send_info(struct thread *t_or_null, const struct signal_info *info); /* -EAGAIN when out of memory */
/* To the thread with this id, or to the process if it is 0. -ESRCH when there is no such thread. Any context. */
int signal_send_id(long tid, const struct signal_info *info);
/* Whether @sig waits to be delivered to the thread with this id, or to the process if it is 0. Any context. */
bool signal_is_pending(long tid, int sig);

/* For SIGPIPE and the like: send to the running thread and deliver at once if it is not blocked. Returns 0. */
int signal_raise_self(int sig);

/* Signals pending for the running thread or the process, blocked or not. */
uint64_t signal_pending_mask(void);

/* Woken at each new pending signal: signalfd, sigtimedwait. */
extern struct waitq signal_waitq;

/* Take one pending signal out of @mask. Returns its number and *@out, or 0. */
int signal_dequeue(uint64_t mask, struct signal_info *out);

/* Replace the running thread's mask of blocked signals; returns the old one. SIGKILL and SIGSTOP cannot be blocked. */
uint64_t signal_swap_mask(uint64_t blocked);

/* Run the handlers of what is pending and not blocked. Returns true when an interrupted call is to be restarted. Thread context. */
bool signal_deliver(void);

/*
 * Around a system call that may sleep: between the two no handler runs, a signal ends the sleep with -EINTR, and the handlers
 * run in signal_call_end(), as if on the way out of the kernel. Nothing may be held there: a handler may not return.
 * signal_call_end() returns true when the call, whose result was -EINTR, is to be made again: no handler ran that lacks
 * SA_RESTART.
 */
void signal_call_begin(void);
bool signal_call_end(long result);

/* Per-thread data: made by the process layer at thread creation, freed at its end. The mask is inherited. */
struct signal_thread;
struct signal_thread *signal_thread_new(const struct signal_thread *parent);
void signal_thread_free(struct signal_thread *st);
/* How this library finds a thread's data; set by posix/process. */
extern struct signal_thread *(*signal_thread_of)(struct thread *t);

#endif
