/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Real-time threads run by priority, and among equals by their turn, which a thread keeps when it is preempted: so it is the first again.
 * Behind them come all others, by virtual run time: who has had the least of the processor.
 */
#include "run_queue.h"

bool runs_before(const struct thread *a, const struct thread *b)
{
	if (likely(!(a->priority | b->priority)))
		return a->vruntime < b->vruntime;
	return a->priority == b->priority ? a->turn < b->turn : a->priority > b->priority;
}

static struct thread *thread_at(const struct tree_node *n)
{
	return n ? tree_entry(n, struct thread, run_node) : NULL;
}

static bool node_before(const struct tree_node *a, const struct tree_node *b)
{
	return runs_before(thread_at(a), thread_at(b));
}

struct run_queue run_queue = { .threads = TREE_INIT(node_before, NULL) };

void run_queue_add(struct thread *t)
{
	tree_insert(&run_queue.threads, &t->run_node);
}

void run_queue_remove(struct thread *t)
{
	tree_remove(&run_queue.threads, &t->run_node);
}

struct thread *run_queue_first(void)
{
	return thread_at(tree_first(&run_queue.threads));
}

struct thread *run_queue_last(void)
{
	return thread_at(tree_last(&run_queue.threads));
}

struct thread *run_queue_first_fair(void)
{
	struct thread *first = run_queue_first(), *found = NULL;

	if (likely(!first || !first->priority))
		return first;
	for (struct tree_node *n = run_queue.threads.root; n;) {
		if (thread_at(n)->priority) {
			n = n->right;
		} else {
			found = thread_at(n);
			n = n->left;
		}
	}
	return found;
}
