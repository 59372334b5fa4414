/* SPDX-License-Identifier: BSD-3-Clause */
/* Locks whose word names their owner, and that the kernel hands from one owner to the next. */
#include <abi/futex.h>
#include <core/errno.h>
#include <core/vmem.h>

#include "pi.h"

/* The thread id in @word; the caller has just been there, or looked. */
static struct thread *owner_in(const int *word)
{
	return thread_find((int)((unsigned)READ_ONCE(*word) & FUTEX_TID_MASK));
}

/* With the lock held: @next, the first of those who wait, owns its word, whose state bits are @state. */
static void hand_over(struct pi_waiter *next, unsigned state)
{
	int *word = next->word;
	bool others = pi_succeed(next);

	next->owns = true;
	WRITE_ONCE(*word, (int)(next->id | state | (others ? FUTEX_WAITERS : 0)));
	next->waiter.entry.wake(&next->waiter.entry, ~0u);
}

static unsigned self_id(void)
{
	return (unsigned)thread_id(thread_self());
}

void pi_write_owner(int *word, unsigned id)
{
	unsigned died = (unsigned)READ_ONCE(*word) & FUTEX_OWNER_DIED;

	WRITE_ONCE(*word, (int)(id | died | (pi_first(word) ? FUTEX_WAITERS : 0)));
}

/* With the lock held. 1: it is ours now; 0: its owner has it; -EDEADLK, -ESRCH. */
static int take(int *word)
{
	unsigned owner = (unsigned)READ_ONCE(*word) & FUTEX_TID_MASK, id = self_id();

	if (owner == id)
		return -EDEADLK;
	if (owner)
		return owner_in(word) ? 0 : -ESRCH;
	pi_write_owner(word, id);
	return 1;
}

long futex_trylock_pi(int *word)
{
	int ret;

	pi_lock();
	ret = take(word);
	pi_unlock();
	return ret == 1 ? 0 : ret ? ret : -EAGAIN;
}

/* With the lock held, which @word's owner has: @w waits. */
static int begin_to_wait(struct pi_waiter *w)
{
	struct thread *owner = owner_in(w->word);

	if (pi_leads_to(owner, w->waiter.thread))
		return -EDEADLK;
	WRITE_ONCE(*w->word, (int)((unsigned)READ_ONCE(*w->word) | FUTEX_WAITERS));
	pi_add(w, owner);
	return 0;
}

long futex_lock_pi(int *word, uint64_t deadline)
{
	struct pi_waiter w = { .place.word = word, .word = word, .id = self_id() };
	int ret;

	waiter_init(&w.waiter);
	pi_lock();
	ret = take(word);
	if (!ret)
		ret = begin_to_wait(&w);
	pi_unlock();
	if (ret)
		return ret == 1 ? 0 : ret;
	ret = waiter_sleep(&w.waiter, deadline, true);
	pi_lock();
	if (!w.owns)
		pi_remove(&w);
	pi_unlock();
	return w.owns ? 0 : ret;
}

long futex_unlock_pi(int *word)
{
	struct pi_waiter *next;
	long ret = 0;

	pi_lock();
	if (((unsigned)READ_ONCE(*word) & FUTEX_TID_MASK) != self_id()) {
		ret = -EPERM;
	} else {
		next = pi_first(word);
		if (next)
			hand_over(next, 0);
		else
			WRITE_ONCE(*word, 0);
	}
	pi_unlock();
	return ret;
}

void futex_priority_changed(int id)
{
	struct thread *t;

	pi_lock();
	t = thread_find(id);
	if (t)
		pi_follow(t);
	pi_unlock();
}

/* Does thread @id, which ends, leave @word without an owner? Its robust list, or the C library, may have taken it out of the word already. */
static bool is_left(const int *word, unsigned id)
{
	unsigned value = (unsigned)READ_ONCE(*word), owner = value & FUTEX_TID_MASK;

	return owner == id || (!owner && value & FUTEX_OWNER_DIED);
}

void futex_hand_over_all(void)
{
	struct donation *d;
	unsigned id = self_id();

	pi_lock();
	while ((d = thread_first_donation(thread_self()))) {
		struct pi_waiter *w = container_of(d, struct pi_waiter, donation);
		paddr_t pa;

		if (!vmem_translate(w->word, true, &pa) && is_left(w->word, id))
			hand_over(w, FUTEX_OWNER_DIED);
		else
			thread_donate(d, NULL, 0);
	}
	pi_unlock();
}
