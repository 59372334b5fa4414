/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef SIGNAL_INTERNAL_H
#define SIGNAL_INTERNAL_H

#include <core/process.h>
#include <core/thread.h>
#include <core/tree.h>
#include <posix/signal.h>

struct signal_queue {
	uint64_t pending;
	struct tree entries; /* struct signal_slot, by number */
};

struct signal_thread {
	struct signal_queue queue;
	uint64_t blocked;
	uint64_t restore_mask; /* what to go back to after a call with a mask, or after its handlers */
	bool has_restore_mask;
	struct sigstack alt;
};

/* Of each process. */
extern struct signal_queue process_queue;
extern struct ksigaction actions_of_process[SIG_COUNT + 1];
#define actions process_local(actions_of_process)

/* To the processes that kill(2)'s @pid means; without a signal in @info: are there any? 0, -ESRCH, -EAGAIN. */
long signal_send_pid(int pid, const struct signal_info *info);

/* frame.c: programs in user mode. Their stack pointer, and a handler's frame on that stack, with @old, the mask to go back to. */
#ifdef CONFIG_CORE_USER
uintptr_t signal_user_stack(void);
void signal_push_frame(const struct signal_info *info, const struct ksigaction *action, uint64_t old);
#else
#define signal_user_stack() 0
#define signal_push_frame(info, action, old) ((void)0)
#endif

/* The program ends by @sig. */
void __noreturn signal_terminate(int sig);
/* What a handler is told. */
void signal_fill(struct siginfo *si, const struct signal_info *info);

/*
 * Does the running thread, whose frame this is, run on its alternate stack? From the stack pointer: a handler may have left it by
 * siglongjmp().
 */
static inline bool signal_on_alt(const struct signal_thread *st)
{
	uintptr_t sp = (uintptr_t)__builtin_frame_address(0);

	if (thread_self()->user)
		sp = signal_user_stack();
	return !(st->alt.flags & SS_DISABLE) && sp - st->alt.base < st->alt.size;
}

struct signal_thread *signal_self(void);
/* The queues, masks and actions of all threads. Inside threads_lock. */
extern struct spinlock signal_lock;

/* Nothing is pending in it. */
void queue_init(struct signal_queue *q);
/* All under signal_lock. */
int queue_add(struct signal_queue *q, const struct signal_info *info);
void queue_add_slot(struct signal_queue *q, struct signal_slot *slot);
/* Nothing is pending in it any more. */
void queue_clear(struct signal_queue *q);
/* Signal @sig is not pending in it any more. */
void queue_drop(struct signal_queue *q, int sig);
bool queue_take(struct signal_queue *q, uint64_t mask, struct signal_info *out);
/* Make thread->interrupted say whether something deliverable waits. */
void signal_recalculate(struct thread *t);
bool signal_is_ignored(int sig);
#ifdef CONFIG_CORE_PROCESSES
bool signal_is_ignored_by(uintptr_t process, int sig);
#else
#define signal_is_ignored_by(process, sig) signal_is_ignored(sig)
#endif
/*
 * @info is a fault of the running thread's program, which does not handle it: end its process, unless that is the first one, whose end is told with
 * all registers. Returns whether it is to end. Without the lock.
 */
bool signal_force(const struct signal_info *info);
/* Run the action of one signal on the running thread, and add what happened to @o. */
void signal_run(const struct signal_info *info, struct signal_outcome *o);

#endif
