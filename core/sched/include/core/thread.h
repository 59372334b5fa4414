/* SPDX-License-Identifier: BSD-3-Clause */
/* The inside of a thread, for the layers that make threads and for the platform. Others use core/sched.h. */
#ifndef CORE_THREAD_H
#define CORE_THREAD_H

#include <core/priority.h>
#include <core/sched.h>
#include <core/tree.h>

enum thread_state { THREAD_RUNNABLE, THREAD_SLEEPING, THREAD_DEAD };

struct thread {
	uintptr_t sp; /* saved context, valid while it does not run */
	uintptr_t tls_base; /* FS base */
	uintptr_t stack_low; /* the lowest address of its stack, 0 if not known */
	uintptr_t stack_limit; /* what compiled code shall not go below, with CONFIG_STACK_LIMIT */
	enum thread_state state;
	bool interruptible; /* the present sleep ends when a signal comes */
	bool interrupted; /* a signal waits */
	unsigned signals_held; /* above 0, signal handlers do not run from interrupts; a mutex that is held counts one */
	int id;
	struct thread_schedule schedule; /* as asked for */
	uint8_t priority; /* above 0: real-time, its own or a donation */
	struct tree donations; /* to it: core/priority.h */
	uint32_t stretch; /* a ns of CPU time is so many 65536ths of one in @vruntime: by the nice value */
	struct tree_node run_node; /* run queue */
	struct tree_node id_node; /* all threads, by @id */
	uint64_t vruntime; /* ns of CPU time, stretched, with credit for sleepers; not of real-time threads */
	int64_t turn; /* of a real-time thread, among those of its priority */
	uint64_t slice_used; /* of a real-time thread's slice, ns */
	uint64_t cpu_time; /* ns consumed until it last was charged; others ask thread_cpu_time() */
	struct tree cpu_timers; /* armed ones on its time: core/cpu_timer.h */
	void (*release)(struct thread *t); /* after its last instruction, on another stack: free what it owned */
	void (*entry)(void *);
	void *arg;
	void *posix; /* the POSIX layer's data */
	struct user *user; /* of a program in user mode, which it runs: core/user.h; else NULL */
#ifdef CONFIG_CORE_PROCESSES
	uintptr_t process; /* whose it is: core/process.h */
	bool held; /* not in the run queue, whatever its state */
#endif
	char name[16];
};

/* Start thread 1 out of the running boot context. */
void sched_init(void);
/* Preemption, off since the first instruction, is on from here. Once, on the first thread. */
void sched_start(void);

/*
 * Initialise @t (cleared memory) and make it runnable: it calls entry(arg) on the stack that ends at @stack_top; entry never returns,
 * it ends with thread_exit().
 */
void thread_start(struct thread *t, const char *name, uintptr_t stack_top, void (*entry)(void *), void *arg);

/* End the running thread; its @release runs later on another thread, with preemption disabled. */
void thread_exit(void) __noreturn;

/* Call fn(arg) on the stack that ends at @stack_top. */
void thread_call_on_stack(void (*fn)(void *), void *arg, uintptr_t stack_top);

/* Set the TLS base (FS) of the running thread. */
void thread_set_tls(uintptr_t base);

/*
 * @t, whose TLS base is set, has its stack at [@lowest, @top); 0 for @lowest: unknown. With CONFIG_STACK_LIMIT compiled code of @t shall not go
 * below what must stay free at @lowest for faults, interrupts and system calls. @t runs not yet, or is the running thread.
 */
void thread_set_stack(struct thread *t, uintptr_t lowest, uintptr_t top);

/* How many bytes of @t's own stack lie below @sp. Huge if @sp is on another stack, or the stack is not known. Any context. */
static inline size_t thread_stack_left(const struct thread *t, uintptr_t sp)
{
	return sp - t->stack_low;
}

/* Set the running thread's limit (0: none) while it runs on another stack. Returns the previous limit. */
uintptr_t thread_swap_stack_limit(uintptr_t limit);
/* Back on its own stack, maybe by a jump: its limit, if it has none now. */
void thread_restore_stack_limit(void);

/* A signal came for @t: end its interruptible sleep, or the next one it starts. */
void thread_interrupt(struct thread *t);
void thread_clear_interrupted(struct thread *t);

/* Processor time that @t has used, in ns, until now. Under threads_lock, but for the running thread. */
uint64_t thread_cpu_time(const struct thread *t);
/* The same for all threads, those that ended included. Any context. */
uint64_t sched_cpu_time(void);

/* Held by whoever uses a thread that thread_find() or thread_for_each() names: none begins or ends meanwhile. */
extern struct spinlock threads_lock;

/* The thread with id @id, or NULL. Under threads_lock, or another spin lock if the thread itself is not used. */
struct thread *thread_find(int id);

/* Call @fn for each thread, by rising ids, until it returns non-zero, and return that. Under threads_lock. */
int thread_for_each(int (*fn)(struct thread *t, void *arg), void *arg);

#ifdef CONFIG_CORE_PROCESSES
/*
 * @t, which is not the running thread, does not run before thread_let_go(), whatever wakes it. False: it cannot be stopped where it is, as it holds a mutex or
 * waits without an end by signals; it goes on, and can be asked for again. Under threads_lock.
 */
bool thread_hold(struct thread *t);
/* Nothing if @t was not held. Under threads_lock. */
void thread_let_go(struct thread *t);
#define thread_is_held(t) unlikely((t)->held)
#else
#define thread_is_held(t) false
#endif

/*
 * For interrupt entries, on the interrupted thread's stack, preemption disabled by one level. begin() runs the handlers of noted
 * interrupts and tells whether end() has anything to do; end() switches threads and delivers signals, so the caller saves the extended
 * registers around it.
 */
bool sched_interrupt_begin(void);
void sched_interrupt_end(void);

/* Called on a thread that was interrupted or woken, when thread_interrupted(): the POSIX layer delivers signals. May be NULL. */
extern void (*thread_signal_hook)(void);

/* Raise and lower the preemption counter without running anything: for exception entries, which may not switch stacks. */
void preempt_enter_exception(void);
void preempt_leave_exception(void);

#endif
