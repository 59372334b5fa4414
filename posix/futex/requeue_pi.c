/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * FUTEX_WAIT_REQUEUE_PI and FUTEX_CMP_REQUEUE_PI: who waits at a plain word, a condition's, goes on as the owner of a lock of FUTEX_LOCK_PI's, or waits for
 * that from then on, without having run in between.
 */
#include <abi/futex.h>
#include <core/call_arg.h>
#include <core/errno.h>
#include <core/time.h>

#include "pi.h"
#include "requeue_pi.h"

struct requeue_waiter {
	struct word_node place; /* its word is NULL once it was moved */
	struct pi_waiter pi; /* for the lock, with the thread's registration */
	bool waits_for_lock;
};

static struct tree waiters = WORD_TREE; /* under futex_lock */

static struct requeue_waiter *first(const int *word)
{
	struct word_node *w = word_first(&waiters, word);

	return w ? container_of(w, struct requeue_waiter, place) : NULL;
}

bool futex_requeue_waits(const int *word)
{
	spin_lock(&futex_lock);
	bool waits = first(word);

	spin_unlock(&futex_lock);
	return waits;
}

/* Both locks are held, and the lock has an owner, with the id @id: @w waits for it. */
static int wait_for_owner(struct pi_waiter *w, unsigned id)
{
	struct thread *owner = thread_find((int)id);

	if (!owner)
		return -ESRCH;
	if (owner == w->waiter.thread || pi_leads_to(owner, w->waiter.thread))
		return -EDEADLK;
	WRITE_ONCE(*w->word, (int)((unsigned)READ_ONCE(*w->word) | FUTEX_WAITERS));
	pi_add(w, owner);
	return 0;
}

/* Both locks are held. @w owns the lock or waits for it. 0, or -EDEADLK, -ESRCH and it waits where it did. */
static int move(struct requeue_waiter *w)
{
	unsigned owner = (unsigned)READ_ONCE(*w->pi.word) & FUTEX_TID_MASK;

	if (owner) {
		int ret = wait_for_owner(&w->pi, owner);

		if (ret)
			return ret;
		w->waits_for_lock = true;
	} else {
		pi_write_owner(w->pi.word, w->pi.id);
		w->pi.owns = true;
	}
	tree_remove(&waiters, &w->place.node);
	w->place.word = NULL;
	if (w->pi.owns)
		w->pi.waiter.entry.wake(&w->pi.waiter.entry, ~0u);
	return 0;
}

long futex_requeue_pi(const int *word, int wake_count, unsigned long move_count, const int *target, int expected)
{
	struct requeue_waiter *w;
	long done = 0;
	int ret = 0;

	if (wake_count != 1 || target == word)
		return -EINVAL;
	if (move_count > INT32_MAX)
		return -EINVAL;
	pi_lock();
	if (READ_ONCE(*word) != expected)
		ret = -EAGAIN;
	while (!ret && (unsigned long)done < move_count + 1 && (w = first(word))) {
		ret = w->pi.word == target ? move(w) : -EINVAL;
		done += !ret;
	}
	pi_unlock();
	return done ? done : ret;
}

/* Both locks are held: the thread of @w is back from its sleep, which ended with @ret. */
static long end_wait(struct requeue_waiter *w, int ret)
{
	if (w->pi.owns)
		return 0;
	if (w->waits_for_lock)
		pi_remove(&w->pi);
	else
		tree_remove(&waiters, &w->place.node);
	return ret == -EINTR ? -EAGAIN : ret; /* as if it had been woken for nothing, which callers expect */
}

long futex_wait_requeue_pi(const int *word, int expected, uint64_t deadline, int *target)
{
	const union call_arg at = { .object = target };
	struct requeue_waiter w = { .place.word = word, .pi.place.word = target, .pi.word = target };
	long ret;

	if (at.value & 3 || target == word)
		return -EINVAL;
	w.pi.id = (unsigned)thread_id(thread_self());
	w.place.priority = thread_priority(thread_self());
	waiter_init(&w.pi.waiter);
	spin_lock(&futex_lock);
	bool begin = READ_ONCE(*word) == expected;

	if (begin)
		tree_insert(&waiters, &w.place.node);
	spin_unlock(&futex_lock);
	if (!begin)
		return -EAGAIN;
	ret = waiter_sleep(&w.pi.waiter, deadline, true);
	pi_lock();
	ret = end_wait(&w, (int)ret);
	pi_unlock();
	return ret;
}
