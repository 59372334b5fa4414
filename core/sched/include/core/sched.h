/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Threads, preemption and locks.
 *
 * Interrupt handlers never interrupt a critical section: while preemption is disabled the platform only notes the interrupt,
 * and its handler runs when preemption is enabled again. So one mechanism, a per-CPU counter in memory, protects data against
 * other threads and against interrupt handlers, and no kernel code needs to touch the CPU's interrupt flag. Handlers run with
 * preemption disabled and must not sleep.
 */
#ifndef CORE_SCHED_H
#define CORE_SCHED_H

#include <core/base.h>
#include <core/list.h>
#include <core/spinlock.h>

struct thread;

#define SCHED_SLICE (4 * NSEC_PER_MSEC)

/* False while preemption is off: no sleeping, no waiting. */
bool preempt_allowed(void);

/* The running thread. */
struct thread *thread_self(void);

/* Returns the id of @t, > 0 and unique while @t lives; the first thread's is 1. Any context. */
int thread_id(const struct thread *t);
/* For messages; valid while the thread lives. */
const char *thread_name(const struct thread *t);

/* Give other runnable threads a turn. */
void sched_yield(void);

/* True when a signal waits for the running thread: interruptible sleeps end with -EINTR. */
bool thread_interrupted(void);

/* --- wait queues ------------------------------------------------------------------------------------------------- */

/* Anything that can become ready has one. All calls may be used from interrupt handlers, except the waits. */
struct waitq {
	struct list entries;
};

#define WAITQ_INIT(name) \
	{ \
		LIST_INIT((name).entries) \
	}

/*
 * One registration on one queue. @wake runs with preemption disabled and must not sleep; @events is what the waker passed. It returns whether
 * there was somebody to wake: of the entries that are @exclusive a wake calls those up to the first that says so, unless it is for all
 * (POLLHUP, POLLERR).
 */
struct wait_entry {
	struct list link;
	bool (*wake)(struct wait_entry *e, unsigned events);
	bool exclusive;
};

static inline void waitq_init(struct waitq *q)
{
	list_init(&q->entries);
}

/*
 * Any context. An entry is in one queue at a time, and is the caller's until it is removed. Those of waiting threads are served by their priority
 * at this time, and those of equals in their order.
 */
void waitq_add(struct waitq *q, struct wait_entry *e);
void waitq_remove(struct wait_entry *e); /* harmless when it is not queued */

/* Call every entry's wake function. @events: POLLIN etc., or ~0u. */
void waitq_wake(struct waitq *q, unsigned events);
/* Wake the first @n plain waiters (wait_event) or fewer; poll entries are always called. */
void waitq_wake_n(struct waitq *q, unsigned n, unsigned events);

/* A thread's own registration, for open-coded waits. */
struct waiter {
	struct wait_entry entry;
	struct thread *thread;
	bool woken;
};

/* For the running thread: then waitq_add(), a look at the condition, waiter_sleep(), and waitq_remove(). */
void waiter_init(struct waiter *w);

/*
 * Sleep until @w->woken, the absolute monotonic @deadline in ns (0: none) or, if @interruptible, a signal.
 * Returns 0, -ETIMEDOUT or -EINTR, and clears @w->woken.
 */
int waiter_sleep(struct waiter *w, uint64_t deadline, bool interruptible);

/*
 * Wait until @cond holds; it alone is evaluated again after each wake. @deadline: absolute monotonic ns, 0 for none: as it was at the call, so that
 * it may be an expression of the clock. Value: 0, -ETIMEDOUT, or -EINTR (interruptible only).
 */
#define wait_event_full(q, cond, deadline, interruptible) \
	({ \
		struct waiter w__; \
		const uint64_t deadline__ = (deadline); \
		const bool interruptible__ = (interruptible); \
		int ret__ = 0; \
		waiter_init(&w__); \
		waitq_add((q), &w__.entry); \
		while (!(cond)) { \
			ret__ = waiter_sleep(&w__, deadline__, interruptible__); \
			if (ret__) { \
				if (cond) \
					ret__ = 0; \
				break; \
			} \
		} \
		waitq_remove(&w__.entry); \
		ret__; \
	})
#define wait_event(q, cond) ((void)wait_event_full(q, cond, 0, false))
#define wait_event_interruptible(q, cond) wait_event_full(q, cond, 0, true)
#define wait_event_timeout(q, cond, deadline) wait_event_full(q, cond, deadline, true)

/* What happens once, where who waits for it may leave at once: completion_signal() does not touch @c after that. */
struct completion {
	struct waitq wait;
	bool done;
};

/* It is yet to happen. Any context. */
void completion_init(struct completion *c);
/* It has happened: wake who waits. Any context. */
void completion_signal(struct completion *c);
/* Sleep until it has happened. Thread context; one thread waits. */
void completion_wait(struct completion *c);
/* The same, but not beyond @deadline, absolute monotonic ns. Returns whether it has happened. */
bool completion_wait_until(struct completion *c, uint64_t deadline);

/* A sleeping lock. Thread context only, not recursive. */
struct mutex {
	struct thread *owner;
	struct waitq waiters;
};
#define MUTEX_INIT(name) \
	{ \
		NULL, WAITQ_INIT((name).waiters) \
	}

/* mutex_trylock() returns whether it took the mutex, and does not sleep. Only the owner unlocks. */
void mutex_init(struct mutex *m);
void mutex_lock(struct mutex *m);
bool mutex_trylock(struct mutex *m);
void mutex_unlock(struct mutex *m);

#endif
