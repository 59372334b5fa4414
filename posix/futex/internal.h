/* SPDX-License-Identifier: BSD-3-Clause */
/* Shared by the files of posix/futex only. */
#ifndef FUTEX_INTERNAL_H
#define FUTEX_INTERNAL_H

#include <core/base.h>
#include <core/spinlock.h>
#include <core/tree.h>

/* Covers all waiters, and the words of locks with an owner while the kernel changes them. */
extern struct spinlock futex_lock;

/*
 * A waiter's place in a tree of waiters by word. Those of one word are in the order of their priorities, and equals in that in which they came.
 * Both kinds of waiters begin with one.
 */
struct word_node {
	struct tree_node node;
	const int *word;
	unsigned priority; /* of the waiting thread, real-time; for plain futexes when it began to wait */
};

#define WORD_TREE TREE_INIT(word_before, NULL)
bool word_before(const struct tree_node *a, const struct tree_node *b);
/* With the lock held. The first in @tree that waits on @word, or NULL. */
struct word_node *word_first(const struct tree *tree, const int *word);
/* With the lock held. The next that waits on the same word as @w, or NULL. */
struct word_node *word_next(const struct word_node *w);

/* With the lock held: wake at most @count waiters on @word that wait for any of @bits. Returns how many. */
int futex_wake_locked(const int *word, int count, uint32_t bits);

/*
 * FUTEX_WAKE_OP's @operation, as futex(2) encodes it: change *@word with it. Returns 1 if the word, as it was, compares as asked for, so that
 * its waiters are woken, too; 0 if not; -ENOSYS for an unknown operation or comparison.
 */
int futex_apply(int *word, uint32_t operation);

/*
 * FUTEX_LOCK_PI and its kin: the word is 0 or its owner's thread id and the bits of futex(2). @deadline as for waiter_sleep(). Waiters are
 * served by priority, and the owner has the first one's. 0, or -EDEADLK, -EPERM, -ESRCH, -EAGAIN, -EINTR, -ETIMEDOUT as in futex(2).
 */
long futex_lock_pi(int *word, uint64_t deadline);
long futex_trylock_pi(int *word);
long futex_unlock_pi(int *word);
/* The running thread ends: what it owns is the first waiter's, with FUTEX_OWNER_DIED. */
void futex_hand_over_all(void);

#endif
