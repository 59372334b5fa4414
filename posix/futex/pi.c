/* SPDX-License-Identifier: BSD-3-Clause */
/* Locks whose word names their owner, and that the kernel hands from one owner to the next. */
#include <abi/futex.h>
#include <core/errno.h>
#include <core/thread.h>
#include <core/vmem.h>

#include "internal.h"

struct pi_waiter {
	struct word_node place;
	int *word; /* the same, to be changed */
	unsigned id;
	bool owns; /* it was handed over */
	struct waiter waiter;
};

static struct tree pi_waiters = WORD_TREE; /* under futex_lock */

static struct pi_waiter *first_waiter(const int *word)
{
	struct word_node *w = word_first(&pi_waiters, word);

	return w ? container_of(w, struct pi_waiter, place) : NULL;
}

/* With the lock held: @next, who waits, owns its word, whose state bits are @state. */
static void hand_over(struct pi_waiter *next, unsigned state)
{
	int *word = next->word;

	tree_remove(&pi_waiters, &next->place.node);
	next->owns = true;
	WRITE_ONCE(*word, (int)(next->id | state | (first_waiter(word) ? FUTEX_WAITERS : 0)));
	next->waiter.entry.wake(&next->waiter.entry, ~0u);
}

static unsigned self_id(void)
{
	return (unsigned)thread_id(thread_self());
}

/* With the lock held. 1: it is ours now; 0: its owner has it; -EDEADLK, -ESRCH. */
static int take(int *word)
{
	unsigned old = (unsigned)READ_ONCE(*word), owner = old & FUTEX_TID_MASK, id = self_id();

	if (owner == id)
		return -EDEADLK;
	if (owner)
		return thread_find((int)owner) ? 0 : -ESRCH;
	WRITE_ONCE(*word, (int)(id | (old & FUTEX_OWNER_DIED) | (first_waiter(word) ? FUTEX_WAITERS : 0)));
	return 1;
}

long futex_trylock_pi(int *word)
{
	int ret;

	spin_lock(&futex_lock);
	ret = take(word);
	spin_unlock(&futex_lock);
	return ret == 1 ? 0 : ret ? ret : -EAGAIN;
}

long futex_lock_pi(int *word, uint64_t deadline)
{
	struct pi_waiter w = { .place = { .word = word, .priority = thread_priority(thread_self()) },
		               .word = word,
		               .id = self_id() };
	int ret;

	waiter_init(&w.waiter);
	spin_lock(&futex_lock);
	ret = take(word);
	if (!ret) {
		WRITE_ONCE(*word, (int)((unsigned)READ_ONCE(*word) | FUTEX_WAITERS));
		tree_insert(&pi_waiters, &w.place.node);
	}
	spin_unlock(&futex_lock);
	if (ret)
		return ret == 1 ? 0 : ret;
	ret = waiter_sleep(&w.waiter, deadline, true);
	spin_lock(&futex_lock);
	if (!w.owns)
		tree_remove(&pi_waiters, &w.place.node);
	spin_unlock(&futex_lock);
	return w.owns ? 0 : ret;
}

long futex_unlock_pi(int *word)
{
	struct pi_waiter *next;
	long ret = 0;

	spin_lock(&futex_lock);
	if (((unsigned)READ_ONCE(*word) & FUTEX_TID_MASK) != self_id()) {
		ret = -EPERM;
	} else {
		next = first_waiter(word);
		if (next)
			hand_over(next, 0);
		else
			WRITE_ONCE(*word, 0);
	}
	spin_unlock(&futex_lock);
	return ret;
}

/* Does thread @id, which ends, leave @word without an owner? Its robust list, or the C library, may have taken it out of the word already. */
static bool is_left(const int *word, unsigned id)
{
	unsigned value = (unsigned)READ_ONCE(*word), owner = value & FUTEX_TID_MASK;

	return owner == id || (!owner && value & FUTEX_OWNER_DIED);
}

void futex_hand_over_all(void)
{
	unsigned id = self_id();
	const int *last = NULL;

	spin_lock(&futex_lock);
	for (struct tree_node *n = tree_first(&pi_waiters), *next; n; n = next) {
		struct pi_waiter *w = tree_entry(n, struct pi_waiter, place.node);
		paddr_t pa;

		next = tree_next(n);
		if (w->word != last && !vmem_translate(w->word, true, &pa) && is_left(w->word, id))
			hand_over(w, FUTEX_OWNER_DIED);
		last = w->word;
	}
	spin_unlock(&futex_lock);
}
