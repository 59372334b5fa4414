/* SPDX-License-Identifier: BSD-3-Clause */
/* SEM_UNDO: what is taken back when a process ends. Threads of a process share it, another program of it keeps it, a child does not inherit it. */
#include <core/process.h>
#include <core/string.h>

#include "sem.h"

static bool set_before(const struct tree_node *a, const struct tree_node *b)
{
	return tree_entry(a, const struct sem_undo, node)->set < tree_entry(b, const struct sem_undo, node)->set;
}

PROCESS_LOCAL struct tree sem_undos = TREE_INIT(set_before, NULL);

static size_t size_of(const struct sem_set *set)
{
	return sizeof(struct sem_undo) + set->count * sizeof(int16_t);
}

static struct sem_undo *find(const struct tree *undos, const struct sem_set *set)
{
	for (struct tree_node *n = undos->root; n;) {
		struct sem_undo *u = tree_entry(n, struct sem_undo, node);

		if (u->set == set)
			return u;
		n = set < u->set ? n->left : n->right;
	}
	return NULL;
}

struct sem_undo *sem_undo_of(struct sem_set *set)
{
	struct tree *undos = &process_local(sem_undos);
	struct sem_undo *u = find(undos, set);

	if (u)
		return u;
	u = ipc_alloc(size_of(set));
	if (!u)
		return NULL;
	u->set = set;
	u->of_process = undos;
	list_push_back(&set->undos, &u->of_set);
	tree_insert(undos, &u->node);
	return u;
}

static void drop(struct sem_undo *u)
{
	tree_remove(u->of_process, &u->node);
	list_del(&u->of_set);
	ipc_free(u, size_of(u->set));
}

void sem_forget_undo(struct sem_set *set, unsigned number)
{
	struct sem_undo *u;

	list_for_each(u, &set->undos, of_set)
		u->adjust[number] = 0;
}

void sem_forget_undos(struct sem_set *set)
{
	struct sem_undo *u;

	list_for_each(u, &set->undos, of_set)
		memset(u->adjust, 0, set->count * sizeof(u->adjust[0]));
}

void sem_drop_undos(struct sem_set *set)
{
	while (!list_empty(&set->undos))
		drop(list_first(&set->undos, struct sem_undo, of_set));
}

#ifdef CONFIG_CORE_PROCESSES
/* Values stay in their range whatever others have made of them. */
static void apply(const struct sem_undo *u, int pid)
{
	for (unsigned i = 0; i < u->set->count; i++) {
		struct sem *s = &u->set->sems[i];

		if (!u->adjust[i])
			continue;
		s->value = MIN(MAX(s->value + u->adjust[i], 0), SEMVMX);
		s->pid = pid;
	}
	u->set->otime = ipc_now();
	sem_settle(u->set, NULL);
}

/* One set at a time, with the lock free between. */
static bool undo_next(uintptr_t process)
{
	spin_lock(&sem_ids.lock);
	struct tree_node *n = process_local_of(process, sem_undos).root;

	if (n) {
		struct sem_undo *u = tree_entry(n, struct sem_undo, node);

		apply(u, process_local_of(process, process_here).pid);
		drop(u);
	}
	spin_unlock(&sem_ids.lock);
	return n;
}

static void end(uintptr_t process)
{
	while (undo_next(process))
		;
}

static int copy(uintptr_t child)
{
	process_local_of(child, sem_undos).root = NULL;
	return 0;
}

static const struct process_part undo_part = { .copy = copy, .end = end };
PROCESS_PART(undo_part);
#endif
