/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Who waits for locks with an owner, and what owners inherit: the first waiter of each lock gives its priority to the owner, whatever the word
 * says meanwhile. All with futex_lock and threads_lock held.
 */
#ifndef FUTEX_PI_H
#define FUTEX_PI_H

#include <core/priority.h>
#include <core/thread.h>

#include "internal.h"

struct pi_waiter {
	struct word_node place; /* with the waiting thread's present priority */
	struct tree_node id_node; /* all that wait, by @id */
	struct donation donation; /* to the owner, if this is the first of its word */
	int *word; /* the same, to be changed */
	unsigned id; /* of the thread that waits */
	bool owns; /* it was handed over */
	struct waiter waiter;
};

/* Take and leave both locks. */
static inline void pi_lock(void)
{
	spin_lock(&futex_lock);
	spin_lock(&threads_lock);
}

static inline void pi_unlock(void)
{
	spin_unlock(&threads_lock);
	spin_unlock(&futex_lock);
}

/* @word, which is nobody's, is the thread's with this id; the bits stay that are to. */
void pi_write_owner(int *word, unsigned id);

/* The first that waits for @word, or NULL. */
struct pi_waiter *pi_first(const int *word);

/* @w, whose word, id and waiter are set, waits for @owner. */
void pi_add(struct pi_waiter *w, struct thread *owner);
/* It waits no longer. */
void pi_remove(struct pi_waiter *w);
/* As pi_remove() for the first one, who is the owner for the others now. Returns whether there are others. */
bool pi_succeed(struct pi_waiter *w);

/* @t's priority may have changed: so may its place among those who wait, then the owner's priority, and so on. */
void pi_follow(struct thread *t);

/* Does @t wait for @other, or for one who does, and so on? True as well if that would take too long to find out. */
bool pi_leads_to(const struct thread *t, const struct thread *other);

#endif
