/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Signals (POSIX.1-2017, XSH 2.4). One process: a signal goes to a thread, or to the process and then to any thread that does not block it.
 * Handlers are ordinary calls on the receiving thread's stack, made when a call it sleeps in is interrupted, when it unblocks or
 * sends itself a signal, or when it was preempted.
 */
#ifndef POSIX_SIGNAL_H
#define POSIX_SIGNAL_H

#include <abi/signal.h>
#include <core/process.h>
#include <core/sched.h>
#include <core/tree.h>

struct signal_queue;

/* What goes with one signal. */
struct signal_info {
	int signo, code;
	int pid;
	int overrun; /* of a timer */
	uintptr_t value; /* sigqueue() value, or the fault's address */
};

/*
 * A signal that a timer sends again and again, of which one at a time is pending: this one, so that sending needs no memory and does not
 * fail. The owner sets @info before it is sent, and calls signal_slot_cancel() before it goes.
 */
struct signal_slot {
	struct tree_node node; /* in @queue's */
	struct signal_queue *queue; /* where it is pending; NULL: nowhere */
	struct signal_info info;
	bool allocated; /* posix/signal's own: freed when it is delivered */
	uint64_t overrun; /* expirations while it is pending, beyond the first */
	uint64_t delivered_overrun; /* what that was when it was last delivered */
#ifdef CONFIG_CORE_PROCESSES
	uintptr_t process; /* to which it is sent (core/process.h) */
#endif
};

/* Send @sig to one thread, or from a terminal to the process; of several, those in the first one's group. Any context. Standard signals do not queue. */
void signal_send_thread(struct thread *t, int sig);
void signal_send_process(int sig);
/* The same with details: to thread @t_or_null, or the process. Any context. Returns 0, or -EAGAIN when out of memory or beyond signals_max. */
int signal_send_info(struct thread *t_or_null, const struct signal_info *info);
#ifdef CONFIG_CORE_PROCESSES
/* To the process @process (core/process.h). Under threads_lock; whoever waits for signals is to be woken after that. 1: there is news; 0, -EAGAIN. */
int signal_send_locked(uintptr_t process, const struct signal_info *info);
/* End all threads of the process @process but the running one: they get SIGKILL. Under threads_lock. */
void signal_kill_others(uintptr_t process);
/*
 * Set by posix/process: a signal ends the running thread's process. Returns if that is to be the end of the image. With @sig SIGKILL it may be that
 * only the thread is to end.
 */
extern void (*signal_end_hook)(int sig);
/* What a process does that asks not to be told of its children's ends. */
bool signal_wants_no_children(uintptr_t process);
#endif
/* To the thread with this id, or to the process if it is 0. -ESRCH when there is no such thread. Any context. */
int signal_send_id(long tid, const struct signal_info *info);
/* To the same, for @times expirations at once: more of them, if it is pending. -ESRCH. Any context. */
int signal_send_slot(long tid, struct signal_slot *slot, uint64_t times);
/* It is not pending any more. Any context. */
void signal_slot_cancel(struct signal_slot *slot);

/*
 * How many signals may be queued with their details, and timers be there that send one: RLIMIT_SIGPENDING, kept by posix/process. Beyond it a signal
 * that a program sends with a value is refused.
 */
extern uint64_t signals_max;
/* A place for a timer's. False: no more. Any context. */
bool signal_place_take(void);
void signal_place_give(void);

/* Signals pending for the running thread or the process, blocked or not. */
uint64_t signal_pending_mask(void);

/* Woken at each new pending signal: signalfd, sigtimedwait. */
extern struct waitq signal_waitq;

/* Take one pending signal out of @mask. Returns its number and *@out, or 0. */
int signal_dequeue(uint64_t mask, struct signal_info *out);

/* Replace the running thread's mask of blocked signals; returns the old one. SIGKILL and SIGSTOP cannot be blocked. */
uint64_t signal_swap_mask(uint64_t blocked);

/* What became of the signals at the end of a call. */
struct signal_outcome {
	bool ran; /* a handler */
	bool all_restart; /* all that ran have SA_RESTART */
};

/* Run the handlers of what is pending and not blocked. Thread context, with nothing held: a handler need not return. */
struct signal_outcome signal_deliver(void);

/*
 * The running thread makes a system call on what is left of its stack, which may not be enough for it. Raises SIGSEGV if the program handles
 * that on another stack: now, while nothing is held. Thread context.
 */
void signal_stack_low(void);

/* Kinds of system calls: see uk/table.h. */
enum signal_call { SIGNAL_CALL_plain, SIGNAL_CALL_sleeps, SIGNAL_CALL_restarts, SIGNAL_CALL_masked };

/* Block @mask until the running call, of the kind "masked", ends. */
void signal_mask_call(uint64_t mask);

/*
 * On the way out of a call, signals still held: deliver, and put back the mask. If the call was @ended by a signal the handlers run
 * under the call's mask; what the mask let in otherwise is for the old one.
 */
struct signal_outcome signal_call_end(enum signal_call kind, bool ended);

/* rt_sigreturn(2) of a program in user mode (CONFIG_CORE_USER): its registers and mask are again what they were before the handler. */
void signal_return(void);

/* Per-thread data: made by the process layer at thread creation, freed at its end. The mask is inherited. */
struct signal_thread;
struct signal_thread *signal_thread_new(const struct signal_thread *parent);
void signal_thread_free(struct signal_thread *st);
/* How this library finds a thread's data; set by posix/process. */
extern struct signal_thread *(*signal_thread_of)(struct thread *t);

#endif
