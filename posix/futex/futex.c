/* SPDX-License-Identifier: BSD-3-Clause */
/* futex(2), in one address space: a waiter is found by the address of its word. */
#include <abi/time.h>
#include <abi/futex.h>
#include <posix/futex.h>
#include <posix/calls.h>

#include <core/call_arg.h>
#include <core/errno.h>
#include <core/priority.h>
#include <core/sched.h>
#include <core/time.h>
#include <posix/signal.h>

#include "internal.h"
#include "requeue_pi.h"

struct futex_waiter {
	struct word_node place; /* its word is NULL once it was woken */
	uint32_t bits;
	struct waiter waiter;
};

struct spinlock futex_lock = SPINLOCK_INIT("futex: waiters");
static struct tree waiters = WORD_TREE;

/* With the lock held. The waiter in @w, or NULL. */
static struct futex_waiter *waiter_at(struct word_node *w)
{
	return w ? container_of(w, struct futex_waiter, place) : NULL;
}

int futex_wake_locked(const int *word, int count, uint32_t bits)
{
	struct futex_waiter *w, *next;
	int woken = 0;

	for (w = waiter_at(word_first(&waiters, word)); w && woken < count; w = next) {
		next = waiter_at(word_next(&w->place));
		if (!(w->bits & bits))
			continue;
		tree_remove(&waiters, &w->place.node);
		w->place.word = NULL; /* not a timeout, whatever the clock says */
		w->waiter.entry.wake(&w->waiter.entry, ~0u);
		woken++;
	}
	return woken;
}

static int wake(const int *word, int count, uint32_t bits)
{
	spin_lock(&futex_lock);
	int woken = futex_wake_locked(word, count, bits);

	spin_unlock(&futex_lock);
	return woken;
}

int futex_wake(const int *word, int count)
{
	return wake(word, count, ~0u);
}

static long wait(const int *word, int expected, uint64_t deadline, uint32_t bits)
{
	struct futex_waiter w = { .place = { .word = word, .priority = thread_priority(thread_self()) }, .bits = bits };

	if (!bits)
		return -EINVAL;
	waiter_init(&w.waiter);
	spin_lock(&futex_lock);
	if (READ_ONCE(*word) != expected) {
		spin_unlock(&futex_lock);
		return -EAGAIN;
	}
	tree_insert(&waiters, &w.place.node);
	spin_unlock(&futex_lock);

	int ret = waiter_sleep(&w.waiter, deadline, true);

	spin_lock(&futex_lock);
	if (w.place.word)
		tree_remove(&waiters, &w.place.node);
	else
		ret = 0;
	spin_unlock(&futex_lock);
	return ret;
}

/* With the lock held: at most @count waiters of @word wait on @target from now on. Returns how many. */
static int move(const int *word, int count, const int *target)
{
	struct futex_waiter *w, *next;
	int moved = 0;

	for (w = waiter_at(word_first(&waiters, word)); w && moved < count; w = next) {
		next = waiter_at(word_next(&w->place));
		moved++;
		if (target == word)
			continue;
		tree_remove(&waiters, &w->place.node);
		w->place.word = target;
		tree_insert(&waiters, &w->place.node);
	}
	return moved;
}

static int requeue(const int *word, int wake_count, int move_count, const int *target)
{
	spin_lock(&futex_lock);
	int done = futex_wake_locked(word, wake_count, ~0u);

	done += move(word, move_count, target);
	spin_unlock(&futex_lock);
	return done;
}

static long wake_op(const int *word, int wake_count, int *word2, int wake_count2, uint32_t operation)
{
	int also = futex_apply(word2, operation);

	if (also < 0)
		return also;
	return wake(word, wake_count, ~0u) + (also ? wake(word2, wake_count2, ~0u) : 0);
}

/* The absolute monotonic deadline for a timeout that is relative (FUTEX_WAIT) or absolute. */
static long deadline_of(int op, const struct timespec *ts, uint64_t *deadline)
{
	*deadline = DEADLINE_NEVER;
	if (!ts)
		return 0;
	if (!time_is_valid(ts))
		return -EINVAL;
	uint64_t ns = time_of_timespec(ts), now = time_monotonic();

	if ((op & 127) == FUTEX_WAIT)
		*deadline = deadline_after(now, ns);
	else
		*deadline = deadline_at(now, op & FUTEX_CLOCK_REALTIME ? time_wall() : now, ns);
	return 0;
}

#ifdef CONFIG_POSIX_FUTEX_REQUEUE_PI
static long requeue_operation(int *word, int op, int value, union call_arg arg, int *word2, int value3)
{
	uint64_t deadline;
	long ret;

	if ((op & 127) == FUTEX_CMP_REQUEUE_PI)
		return futex_requeue_pi(word, value, arg.value, word2, value3);
	if ((op & 127) != FUTEX_WAIT_REQUEUE_PI)
		return -ENOSYS;
	ret = deadline_of(op, arg.object, &deadline);
	return ret ? ret : futex_wait_requeue_pi(word, value, deadline, word2);
}

static long wake_plain(const int *word, int count, uint32_t bits)
{
	return futex_requeue_waits(word) ? -EINVAL : wake(word, count, bits);
}
#else
#define requeue_operation(word, op, value, arg, word2, value3) (-ENOSYS)
#define wake_plain wake
#endif

long sys_futex(int *word, int op, int value, uintptr_t timeout, int *word2, int value3)
{
	const union call_arg arg = { .value = timeout }; /* a count in some operations */
	uint64_t deadline;
	long ret;

	if ((uintptr_t)word & 3)
		return -EINVAL;
	switch (op & 127) {
	case FUTEX_WAIT:
	case FUTEX_WAIT_BITSET:
		ret = deadline_of(op, arg.object, &deadline);
		if (ret)
			return ret;
		ret = wait(word, value, deadline, (op & 127) == FUTEX_WAIT ? ~0u : (uint32_t)value3);
		/* Not begun anew with a timeout: a relative one would be, too. */
		return ret == -EINTR && timeout ? -EINTR_FINAL : ret;
	case FUTEX_WAKE:
		return wake_plain(word, value, ~0u);
	case FUTEX_WAKE_BITSET:
		return wake_plain(word, value, value3);
	case FUTEX_CMP_REQUEUE:
		if (READ_ONCE(*word) != value3)
			return -EAGAIN;
		/* fall through */
	case FUTEX_REQUEUE:
		return requeue(word, value, timeout, word2);
	case FUTEX_WAKE_OP:
		return wake_op(word, value, word2, timeout, value3);
	case FUTEX_LOCK_PI:
		op |= FUTEX_CLOCK_REALTIME;
		/* fall through */
	case FUTEX_LOCK_PI2:
		ret = deadline_of(op, arg.object, &deadline);
		return ret ? ret : futex_lock_pi(word, deadline);
	case FUTEX_TRYLOCK_PI:
		return futex_trylock_pi(word);
	case FUTEX_UNLOCK_PI:
		return futex_unlock_pi(word);
	default:
		return requeue_operation(word, op, value, arg, word2, value3);
	}
}
