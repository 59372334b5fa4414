/* SPDX-License-Identifier: BSD-3-Clause */
/* Locks whose word names their owner, and that the kernel hands from one owner to the next. */
#include <abi/futex.h>
#include <core/errno.h>
#include <core/list.h>
#include <core/thread.h>

#include "internal.h"

struct pi_waiter {
	struct list link;
	int *word;
	unsigned id;
	bool owns; /* it was handed over */
	struct waiter waiter;
};

static struct spinlock pi_lock = SPINLOCK_INIT("futex: waiters of locks with an owner");
static struct list pi_waiters = LIST_INIT(pi_waiters); /* in their order */

static struct pi_waiter *first_waiter(const int *word)
{
	struct pi_waiter *w;

	list_for_each(w, &pi_waiters, link)
		if (w->word == word)
			return w;
	return NULL;
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

	spin_lock(&pi_lock);
	ret = take(word);
	spin_unlock(&pi_lock);
	return ret == 1 ? 0 : ret ? ret : -EAGAIN;
}

long futex_lock_pi(int *word, uint64_t deadline)
{
	struct pi_waiter w = { .word = word, .id = self_id() };
	int ret;

	waiter_init(&w.waiter);
	spin_lock(&pi_lock);
	ret = take(word);
	if (!ret) {
		WRITE_ONCE(*word, (int)((unsigned)READ_ONCE(*word) | FUTEX_WAITERS));
		list_push_back(&pi_waiters, &w.link);
	}
	spin_unlock(&pi_lock);
	if (ret)
		return ret == 1 ? 0 : ret;
	ret = waiter_sleep(&w.waiter, deadline, true);
	spin_lock(&pi_lock);
	if (!w.owns)
		list_del(&w.link);
	spin_unlock(&pi_lock);
	return w.owns ? 0 : ret;
}

long futex_unlock_pi(int *word)
{
	struct pi_waiter *next;
	long ret = 0;

	spin_lock(&pi_lock);
	if (((unsigned)READ_ONCE(*word) & FUTEX_TID_MASK) != self_id()) {
		ret = -EPERM;
	} else {
		next = first_waiter(word);
		if (next) {
			list_del(&next->link);
			next->owns = true;
			WRITE_ONCE(*word, (int)(next->id | (first_waiter(word) ? FUTEX_WAITERS : 0)));
			next->waiter.entry.wake(&next->waiter.entry, ~0u);
		} else {
			WRITE_ONCE(*word, 0);
		}
	}
	spin_unlock(&pi_lock);
	return ret;
}
