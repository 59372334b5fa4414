/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The way of every system call: deliver what is pending, hold signals, call the implementation, let go, deliver what came, and begin
 * anew if the call's kind and the handlers want that. The implementation runs with signals held, so a handler never runs in the middle
 * of it: what it checks before it sleeps is still so when it sleeps.
 */
#include <core/log.h>
#include <core/thread.h>
#include <posix/calls.h>
#include <posix/signal.h>

#include "entry.h"

/* Programs run with depth 0 and calls do not nest, so the depth is set and not counted: uk_call_prepare() may have set it. */
static inline void hold(struct thread *self)
{
	self->signals_held = 1;
	barrier();
}

static inline void let_go(struct thread *self)
{
	barrier();
	self->signals_held = 0;
}

/* Less than this of the caller's stack may be too little for a call, an interrupt in it included. */
#define CALL_ROOM (8u << 10)

/*
 * The call's thread, with signals held. Not in each wrapper's code: there are hundreds of them, most of which hardly run.
 */
static __attribute__((__noinline__)) struct thread *enter(void)
{
	struct thread *self = thread_self();

	if (unlikely(thread_stack_left(self, (uintptr_t)__builtin_frame_address(0)) < CALL_ROOM))
		signal_stack_low();
	/* Not for what the call changes, as a mask; and not if a cancellation point has looked already. */
	if (unlikely(self->interrupted) && !self->signals_held)
		signal_deliver();
	hold(self);
	return self;
}

static inline void leave(struct thread *self)
{
	let_go(self);
	if (unlikely(self->interrupted))
		signal_deliver();
}

/* No call's result: it is to be made again, with signals still held. */
#define CALL_AGAIN (-EINTR_HANDLED - 1)

/*
 * The result of a call that a signal ended or that has a mask of its own, or CALL_AGAIN. Signals stay held but for the handlers run here: one that
 * ran from an interrupt before this has decided would be taken for none.
 */
static long after_signal(enum signal_call kind, long result)
{
	struct signal_outcome o = signal_call_end(kind, ended_by_signal(result));

	if (!ended_by_signal(result))
		return result;
	if (result == -EINTR_FINAL || (result == -EINTR && kind != SIGNAL_CALL_restarts))
		return -EINTR;
	return !o.ran || (result == -EINTR && o.all_restart) ? CALL_AGAIN : -EINTR;
}

#ifdef CONFIG_POSIX_ENTRY_TRACE
static void trace(const char *name, uint64_t *count, const long *args, unsigned n, long result)
{
	long a[6] = { 0 };

	for (unsigned i = 0; i < n; i++)
		a[i] = args[i];
	pr_debug("%s #%lu (0x%lx, 0x%lx, 0x%lx, 0x%lx, 0x%lx, 0x%lx) = %ld", name, ++*count, a[0], a[1], a[2], a[3], a[4], a[5],
	         result);
}

#define TRACE_0 0
#define TRACE_1 a
#define TRACE_2 TRACE_1, b
#define TRACE_3 TRACE_2, c
#define TRACE_4 TRACE_3, d
#define TRACE_5 TRACE_4, e
#define TRACE_6 TRACE_5, f
#define TRACE(name, n) \
	{ \
		static uint64_t count; \
		trace(#name, &count, (const long[]){ TRACE_##n }, n, result); \
	}
#else
#define TRACE(name, n)
#endif

#define PARAMS_0 void
#define PARAMS_1 long a
#define PARAMS_2 PARAMS_1, long b
#define PARAMS_3 PARAMS_2, long c
#define PARAMS_4 PARAMS_3, long d
#define PARAMS_5 PARAMS_4, long e
#define PARAMS_6 PARAMS_5, long f

#define WRAPPER(number, name, kind, count, ...) \
	long uk_syscall_##name(PARAMS_##count) \
	{ \
		struct thread *self = enter(); \
		long result; \
		do { \
			result = sys_##name(SYS_ARGS_##count(__VA_ARGS__)); \
			if (likely(SIGNAL_CALL_##kind != SIGNAL_CALL_masked && !ended_by_signal(result))) \
				break; \
			result = after_signal(SIGNAL_CALL_##kind, result); \
		} while (result == CALL_AGAIN); \
		leave(self); \
		TRACE(name, count) \
		return result; \
	}
UK_SYSCALLS(WRAPPER)

void uk_call_prepare(void)
{
	hold(thread_self());
}

void uk_call_forget(void)
{
	leave(thread_self());
}
