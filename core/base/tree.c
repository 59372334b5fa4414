/* SPDX-License-Identifier: BSD-3-Clause */
#include <core/tree.h>

/* Spread the address over all bits: multiplications by odd constants, and shifts that bring high bits down. */
static uint64_t priority(const struct tree_node *n)
{
	uint64_t x = (uintptr_t)n >> 3;

	x *= 0x9e3779b97f4a7c15u;
	x = (x ^ x >> 29) * 0xd6e8feb86659fd93u;
	return x ^ x >> 32;
}

/* The pointer that leads to @n. */
static struct tree_node **link_to(struct tree *t, struct tree_node *n)
{
	if (!n->parent)
		return &t->root;
	return n->parent->left == n ? &n->parent->left : &n->parent->right;
}

/* Put @child, which may be NULL, where @n is. */
static void replace(struct tree *t, struct tree_node *n, struct tree_node *child)
{
	*link_to(t, n) = child;
	if (child)
		child->parent = n->parent;
}

/* Let @n and its parent change places: the order stays. */
static void rotate_up(struct tree *t, struct tree_node *n)
{
	struct tree_node *p = n->parent;
	bool was_left = p->left == n;
	struct tree_node *middle = was_left ? n->right : n->left;

	replace(t, p, n);
	p->parent = n;
	if (was_left) {
		n->right = p;
		p->left = middle;
	} else {
		n->left = p;
		p->right = middle;
	}
	if (middle)
		middle->parent = p;
	if (t->update)
		t->update(p);
}

void tree_update(struct tree *t, struct tree_node *n)
{
	for (; t->update && n; n = n->parent)
		t->update(n);
}

void tree_insert(struct tree *t, struct tree_node *n)
{
	struct tree_node **link = &t->root, *parent = NULL;

	while (*link) {
		parent = *link;
		link = t->before(n, parent) ? &parent->left : &parent->right;
	}
	*n = (struct tree_node){ .parent = parent };
	*link = n;
	while (n->parent && priority(n->parent) < priority(n))
		rotate_up(t, n);
	tree_update(t, n);
}

void tree_remove(struct tree *t, struct tree_node *n)
{
	/* Zeroed memory looks like a root; taken for one, everything in the tree would be lost. */
	if (!tree_is_linked(n) || (!n->parent && t->root != n))
		return;
	while (n->left && n->right)
		rotate_up(t, priority(n->left) < priority(n->right) ? n->right : n->left);
	replace(t, n, n->left ? n->left : n->right);
	tree_update(t, n->parent);
	tree_node_init(n);
}

static struct tree_node *leftmost(struct tree_node *n)
{
	while (n && n->left)
		n = n->left;
	return n;
}

static struct tree_node *rightmost(struct tree_node *n)
{
	while (n && n->right)
		n = n->right;
	return n;
}

struct tree_node *tree_first(const struct tree *t)
{
	return leftmost(t->root);
}

struct tree_node *tree_last(const struct tree *t)
{
	return rightmost(t->root);
}

struct tree_node *tree_next(const struct tree_node *n)
{
	if (n->right)
		return leftmost(n->right);
	while (n->parent && n->parent->right == n)
		n = n->parent;
	return n->parent;
}

struct tree_node *tree_prev(const struct tree_node *n)
{
	if (n->left)
		return rightmost(n->left);
	while (n->parent && n->parent->left == n)
		n = n->parent;
	return n->parent;
}
