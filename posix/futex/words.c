/* SPDX-License-Identifier: BSD-3-Clause */
/* Waiters by the address of their word; those of one word by priority. */
#include "internal.h"

bool word_before(const struct tree_node *a, const struct tree_node *b)
{
	const struct word_node *x = tree_entry(a, const struct word_node, node),
			       *y = tree_entry(b, const struct word_node, node);

	return x->word == y->word ? x->priority > y->priority : x->word < y->word;
}

struct word_node *word_first(const struct tree *tree, const int *word)
{
	struct word_node *found = NULL;

	for (struct tree_node *n = tree->root; n;) {
		struct word_node *w = tree_entry(n, struct word_node, node);

		if (w->word == word)
			found = w;
		n = w->word < word ? n->right : n->left;
	}
	return found;
}

struct word_node *word_next(const struct word_node *w)
{
	struct tree_node *n = tree_next(&w->node);
	struct word_node *next = n ? tree_entry(n, struct word_node, node) : NULL;

	return next && next->word == w->word ? next : NULL;
}
