/* SPDX-License-Identifier: BSD-3-Clause */
/* futex(2), in one address space: a waiter is found by the address of its word. */
#include <abi/time.h>
#include <abi/futex.h>
#include <posix/futex.h>
#include <posix/calls.h>

#include <core/call_arg.h>
#include <core/errno.h>
#include <core/sched.h>
#include <core/time.h>
#include <core/tree.h>
#include <posix/signal.h>

#include "internal.h"

struct futex_waiter {
	struct tree_node node;
	const int *word; /* NULL once it was woken */
	uint32_t bits;
	struct waiter waiter;
};

static bool word_before(const struct tree_node *a, const struct tree_node *b)
{
	return tree_entry(a, const struct futex_waiter, node)->word < tree_entry(b, const struct futex_waiter, node)->word;
}

struct spinlock futex_lock = SPINLOCK_INIT("futex: waiters");
static struct tree waiters = TREE_INIT(word_before, NULL); /* by word; those of one word in their order */

/* With the lock held. The first waiter on @word, or NULL. */
static struct futex_waiter *first_waiter(const int *word)
{
	struct futex_waiter *found = NULL;

	for (struct tree_node *n = waiters.root; n;) {
		struct futex_waiter *w = tree_entry(n, struct futex_waiter, node);

		if (w->word == word)
			found = w;
		n = w->word < word ? n->right : n->left;
	}
	return found;
}

/* The next on the same word, or NULL. */
static struct futex_waiter *next_waiter(struct futex_waiter *w)
{
	struct tree_node *n = tree_next(&w->node);
	struct futex_waiter *next = n ? tree_entry(n, struct futex_waiter, node) : NULL;

	return next && next->word == w->word ? next : NULL;
}

int futex_wake_locked(const int *word, int count, uint32_t bits)
{
	struct futex_waiter *w, *next;
	int woken = 0;

	for (w = first_waiter(word); w && woken < count; w = next) {
		next = next_waiter(w);
		if (!(w->bits & bits))
			continue;
		tree_remove(&waiters, &w->node);
		w->word = NULL; /* not a timeout, whatever the clock says */
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
	struct futex_waiter w = { .word = word, .bits = bits };

	if (!bits)
		return -EINVAL;
	waiter_init(&w.waiter);
	spin_lock(&futex_lock);
	if (READ_ONCE(*word) != expected) {
		spin_unlock(&futex_lock);
		return -EAGAIN;
	}
	tree_insert(&waiters, &w.node);
	spin_unlock(&futex_lock);

	int ret = waiter_sleep(&w.waiter, deadline, true);

	spin_lock(&futex_lock);
	if (w.word)
		tree_remove(&waiters, &w.node);
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

	for (w = first_waiter(word); w && moved < count; w = next) {
		next = next_waiter(w);
		moved++;
		if (target == word)
			continue;
		tree_remove(&waiters, &w->node);
		w->word = target;
		tree_insert(&waiters, &w->node);
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
		return wake(word, value, ~0u);
	case FUTEX_WAKE_BITSET:
		return wake(word, value, value3);
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
		return -ENOSYS;
	}
}
