/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Ordered trees with the nodes inside the objects: for sets whose size a program chooses. Every operation takes a number of steps that
 * grows with the logarithm of the size. Nodes with equal keys are allowed and keep the order in which they came. The caller locks.
 *
 * It is a treap: a search tree by key and a heap by a priority, which is a mix of the node's address, so that neither keys nor the order
 * of operations can make it deep, and nothing is stored for the balance.
 *
 * To look something up, go down from @root: left when the key wanted comes before the node's, else right.
 */
#ifndef CORE_TREE_H
#define CORE_TREE_H

#include <core/base.h>

struct tree_node {
	struct tree_node *parent, *left, *right; /* parent: itself when in no tree */
};

struct tree {
	struct tree_node *root; /* NULL: empty */
	/* Does @a come before @b? */
	bool (*before)(const struct tree_node *a, const struct tree_node *b);
	/*
	 * For data in a node that sums up its subtree: compute it from the node and its children's. NULL if there is none. The owner calls
	 * tree_update() after changes of a node that leave its place.
	 */
	void (*update)(struct tree_node *n);
};

#define TREE_INIT(before, update) \
	{ \
		NULL, (before), (update) \
	}

#define tree_entry(ptr, type, member) container_of(ptr, type, member)

/* A node that is in no tree; needed for tree_is_linked() only. */
static inline void tree_node_init(struct tree_node *n)
{
	n->parent = n;
}

static inline bool tree_is_linked(const struct tree_node *n)
{
	return n->parent != n;
}

static inline bool tree_empty(const struct tree *t)
{
	return !t->root;
}

/* @n must not be in a tree; what it held before does not matter. */
void tree_insert(struct tree *t, struct tree_node *n);
/* Harmless when @n is in no tree, and initialised or zeroed. */
void tree_remove(struct tree *t, struct tree_node *n);
/* Compute @n's sum and those above again. */
void tree_update(struct tree *t, struct tree_node *n);

/* In order of keys; NULL at the end. */
struct tree_node *tree_first(const struct tree *t);
struct tree_node *tree_last(const struct tree *t);
struct tree_node *tree_next(const struct tree_node *n);
struct tree_node *tree_prev(const struct tree_node *n);

#endif
