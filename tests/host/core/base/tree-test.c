/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The tree against a table of keys: order, order of equals, sums, neighbours; and the steps an operation takes, with keys in rising,
 * falling and random order.
 * sources: core/base/tree.c
 */
#include <core/tree.h>

#include "../../host.h"

#define MANY 16384u

struct item {
	struct tree_node node;
	unsigned key, serial;
	unsigned count, greatest; /* of the subtree */
};

static unsigned long steps;

static struct item *item(const struct tree_node *n)
{
	return tree_entry((struct tree_node *)(uintptr_t)n, struct item, node);
}

static bool before(const struct tree_node *a, const struct tree_node *b)
{
	steps++;
	return item(a)->key < item(b)->key;
}

static void update(struct tree_node *n)
{
	struct item *i = item(n);

	steps++;
	i->count = 1;
	i->greatest = i->key;
	for (int side = 0; side < 2; side++) {
		struct tree_node *c = side ? n->right : n->left;

		if (c) {
			i->count += item(c)->count;
			i->greatest = MAX(i->greatest, item(c)->greatest);
		}
	}
}

static unsigned depth(const struct tree_node *n)
{
	unsigned left, right;

	if (!n)
		return 0;
	left = depth(n->left);
	right = depth(n->right);
	return 1 + MAX(left, right);
}

/* Walk both ways: keys rise, equals in the order of their serial numbers. */
static void check(const struct tree *t, unsigned count)
{
	struct tree_node *last = NULL;
	unsigned n = 0;

	for (struct tree_node *at = tree_first(t); at; at = tree_next(at)) {
		CHECK(tree_prev(at) == last);
		if (last) {
			CHECK(item(last)->key <= item(at)->key);
			CHECK(item(last)->key < item(at)->key || item(last)->serial < item(at)->serial);
		}
		last = at;
		n++;
	}
	CHECK_EQ(n, count);
	CHECK(tree_last(t) == last && tree_empty(t) == !count);
	if (count) {
		CHECK_EQ(item(t->root)->count, count);
		CHECK_EQ(item(t->root)->greatest, item(last)->key);
	}
}

static void random_operations(void)
{
	struct tree t = TREE_INIT(before, update);
	static struct item items[300];
	unsigned count = 0, serial = 0;

	for (unsigned i = 0; i < ARRAY_SIZE(items); i++)
		tree_node_init(&items[i].node);
	for (int round = 0; round < 20000; round++) {
		struct item *i = &items[rand() % ARRAY_SIZE(items)];

		if (tree_is_linked(&i->node)) {
			tree_remove(&t, &i->node);
			tree_remove(&t, &i->node);
			count--;
		} else {
			i->key = rand() % 100;
			i->serial = serial++;
			tree_insert(&t, &i->node);
			count++;
		}
		if (round % 16 == 0)
			check(&t, count);
	}
}

static void growth(const char *name, unsigned (*key)(unsigned))
{
	struct tree t = TREE_INIT(before, update);
	static struct item items[MANY];

	steps = 0;
	for (unsigned i = 0; i < MANY; i++) {
		items[i].key = key(i);
		items[i].serial = i;
		tree_insert(&t, &items[i].node);
	}
	check(&t, MANY);
	printf("# %s: %u nodes, depth %u, %lu steps an insertion\n", name, MANY, depth(t.root), steps / MANY);
	CHECK(depth(t.root) <= 4 * 14);
	CHECK(steps / MANY <= 4 * 14);
	steps = 0;
	for (unsigned i = 0; i < MANY; i++)
		tree_remove(&t, &items[i].node);
	CHECK(steps / MANY <= 3 * 14);
	CHECK(tree_empty(&t));
}

static unsigned rising(unsigned i)
{
	return i;
}

static unsigned falling(unsigned i)
{
	return MANY - i;
}

static unsigned equal(unsigned i __unused)
{
	return 7;
}

static unsigned any(unsigned i __unused)
{
	return rand();
}

/* A node in memory that was only cleared is in no tree. */
static void zeroed(void)
{
	struct tree t = TREE_INIT(before, NULL);
	static struct item in, never;

	tree_remove(&t, &never.node);
	tree_insert(&t, &in.node);
	tree_remove(&t, &never.node);
	CHECK(tree_first(&t) == &in.node);
	tree_remove(&t, &in.node);
	CHECK(tree_empty(&t));
}

int main(void)
{
	zeroed();
	srand(1);
	random_operations();
	growth("rising", rising);
	growth("falling", falling);
	growth("equal", equal);
	growth("random", any);
	return 0;
}
