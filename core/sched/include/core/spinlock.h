/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Spin locks: for short critical sections, against other threads and against interrupt handlers.
 *
 * On one processor taking one means that preemption is off. Platforms only note an interrupt while it is, and its handler runs, with
 * preemption off, when it is on again: so no variant that saves the interrupt flag is needed, and handlers take the same locks. With
 * several processors the same calls would also spin, which is why every lock has a name, says what it covers, and stands in the order
 * of docs/locking.md.
 *
 * A holder does not sleep, takes no mutex and holds the lock for a bounded time (docs/locking.md has the figure). It may touch memory
 * of a program only where that file puts the lock outside the memory map's. Not recursive.
 */
#ifndef CORE_SPINLOCK_H
#define CORE_SPINLOCK_H

#include <core/base.h>

/* Preemption off and on, nestable: for core/sched, plat and arch. All other code takes a lock. */
void preempt_disable(void);
void preempt_enable(void);

struct spinlock {
	bool held;
#ifdef CONFIG_DEBUG_LOCKS
	uint8_t kind; /* number of @name in the order learnt so far, from 1; 0: not taken yet */
	const char *name;
	uintptr_t taken_at; /* address in the code */
#endif
};

/*
 * @what names the lock and what it covers, as in "vfs: mount table". Locks of the same name are of one kind: two of a kind are never
 * held together.
 */
#ifdef CONFIG_DEBUG_LOCKS
#define SPINLOCK_INIT(what) \
	{ \
		.name = (what) \
	}
#else
#define SPINLOCK_INIT(what) \
	{ \
		.held = false \
	}
#endif

/* For a lock inside an object that was allocated; @what as above, a string that stays. */
#define spinlock_init(lock, what) ((void)(*(lock) = (struct spinlock)SPINLOCK_INIT(what)))

#ifdef CONFIG_DEBUG_LOCKS
/* Panics if the lock is held, has no name, or is taken against an order seen before. */
void lock_debug_take(struct spinlock *l, uintptr_t pc);
/* Panics if it is not held. */
void lock_debug_drop(struct spinlock *l);
#else
static inline void lock_debug_take(struct spinlock *l __unused, uintptr_t pc __unused)
{
}

static inline void lock_debug_drop(struct spinlock *l __unused)
{
}
#endif

/* Any context. */
static inline void spin_lock(struct spinlock *l)
{
	preempt_disable();
	lock_debug_take(l, (uintptr_t)__builtin_return_address(0));
	l->held = true;
}

/* By the holder, in any order with other locks. Runs what was held off, unless another lock is held. */
static inline void spin_unlock(struct spinlock *l)
{
	lock_debug_drop(l);
	l->held = false;
	preempt_enable();
}

/* For ASSERT() in functions that want the lock held. */
static inline bool spin_is_held(const struct spinlock *l)
{
	return l->held;
}

#endif
