/* SPDX-License-Identifier: BSD-3-Clause */
#include "pi.h"

/* Locks one behind the other, as Linux has it. Programs may make circles, by what they write into the words. */
#define CHAIN_MAX 1024

static bool id_before(const struct tree_node *a, const struct tree_node *b)
{
	return tree_entry(a, const struct pi_waiter, id_node)->id < tree_entry(b, const struct pi_waiter, id_node)->id;
}

static struct tree by_word = WORD_TREE;
static struct tree by_id = TREE_INIT(id_before, NULL);

struct pi_waiter *pi_first(const int *word)
{
	struct word_node *w = word_first(&by_word, word);

	return w ? container_of(w, struct pi_waiter, place) : NULL;
}

/* As what @t waits, or NULL. */
static struct pi_waiter *waiter_of(const struct thread *t)
{
	for (struct tree_node *n = by_id.root; n;) {
		struct pi_waiter *w = tree_entry(n, struct pi_waiter, id_node);

		if (w->id == (unsigned)thread_id(t))
			return w;
		n = (unsigned)thread_id(t) < w->id ? n->left : n->right;
	}
	return NULL;
}

/* The owner that @word's waiters wait for; NULL if it has ended. */
static struct thread *owner_of(const int *word)
{
	const struct pi_waiter *first = pi_first(word);

	return first ? first->donation.to : NULL;
}

/* The first of @word's waiters gives @owner its priority, which was its second's to give at most. */
static void give(const int *word, struct thread *owner)
{
	struct pi_waiter *first = pi_first(word), *second;
	struct word_node *next = first ? word_next(&first->place) : NULL;

	if (!first)
		return;
	thread_donate(&first->donation, owner, first->place.priority);
	second = next ? container_of(next, struct pi_waiter, place) : NULL;
	if (second && second->donation.to)
		thread_donate(&second->donation, NULL, 0);
}

static void put_in(struct pi_waiter *w, struct thread *owner)
{
	w->place.priority = thread_priority(w->waiter.thread);
	tree_insert(&by_word, &w->place.node);
	give(w->word, owner);
}

/* @w waits no longer, and @owner is who the others wait for. What they give comes first, so that nobody loses it for a moment. */
static void take_out(struct pi_waiter *w, struct thread *owner)
{
	tree_remove(&by_id, &w->id_node);
	tree_remove(&by_word, &w->place.node);
	give(w->word, owner);
	thread_donate(&w->donation, NULL, 0);
}

void pi_follow(struct thread *t)
{
	for (int i = 0; t && i < CHAIN_MAX; i++) {
		struct pi_waiter *w = waiter_of(t);

		if (!w || w->place.priority == thread_priority(t))
			return;
		t = owner_of(w->word);
		tree_remove(&by_word, &w->place.node);
		put_in(w, t);
		if (pi_first(w->word) != w)
			thread_donate(&w->donation, NULL, 0);
	}
}

void pi_add(struct pi_waiter *w, struct thread *owner)
{
	tree_insert(&by_id, &w->id_node);
	put_in(w, owner);
	pi_follow(owner);
}

void pi_remove(struct pi_waiter *w)
{
	struct thread *owner = owner_of(w->word);

	take_out(w, owner);
	if (owner)
		pi_follow(owner);
}

bool pi_succeed(struct pi_waiter *w)
{
	take_out(w, w->waiter.thread);
	return pi_first(w->word) != NULL;
}

bool pi_leads_to(const struct thread *t, const struct thread *other)
{
	for (int i = 0; i < CHAIN_MAX; i++) {
		const struct pi_waiter *w = waiter_of(t);

		if (!w)
			return false;
		t = owner_of(w->word);
		if (!t)
			return false;
		if (t == other)
			return true;
	}
	return true;
}
