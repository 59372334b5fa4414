/* SPDX-License-Identifier: BSD-3-Clause */
#include "sched.h"

#include <arch/context.h>
#include <arch/stack_limit.h>
#include <core/string.h>
#include <plat/thread.h>

static bool id_before(const struct tree_node *a, const struct tree_node *b)
{
	return tree_entry(a, const struct thread, id_node)->id < tree_entry(b, const struct thread, id_node)->id;
}

static struct tree all_threads = TREE_INIT(id_before, NULL);
static int last_id;
struct spinlock threads_lock = SPINLOCK_INIT("sched: threads, while others use them");

struct thread *thread_self(void)
{
	return this_cpu()->current;
}

int thread_id(const struct thread *t)
{
	return t->id;
}

const char *thread_name(const struct thread *t)
{
	return t->name;
}

struct thread *thread_find(int id)
{
	for (struct tree_node *n = all_threads.root; n;) {
		struct thread *t = tree_entry(n, struct thread, id_node);

		if (t->id == id)
			return t;
		n = id < t->id ? n->left : n->right;
	}
	return NULL;
}

void thread_adopt(struct thread *t, const char *name)
{
	strlcpy(t->name, name, sizeof(t->name));
	do
		last_id = last_id == INT32_MAX ? 1 : last_id + 1;
	while (thread_find(last_id));
	t->id = last_id;
	sched_begin(t);
	cpu_timers_begin(t);
	tree_insert(&all_threads, &t->id_node);
}

void thread_start(struct thread *t, const char *name, uintptr_t stack_top, void (*entry)(void *), void *arg)
{
	t->entry = entry;
	t->arg = arg;
	preempt_disable();
	thread_adopt(t, name);
	sched_launch(t, stack_top);
	preempt_enable();
}

void thread_exit(void)
{
	struct thread *self = thread_self();

	preempt_disable();
	tree_remove(&all_threads, &self->id_node);
	cpu_timers_end(self);
	sched_end(self);
	self->state = THREAD_DEAD;
	schedule();
	__builtin_unreachable();
}

void thread_call_on_stack(void (*fn)(void *), void *arg, uintptr_t stack_top)
{
	arch_call_on_stack(fn, arg, stack_top);
}

/* Where compiled code of @t's looks. A program in user mode has something else there. */
static uintptr_t *limit_of(const struct thread *t)
{
	return t->user ? NULL : arch_stack_limit(t->tls_base);
}

void thread_set_stack(struct thread *t, uintptr_t lowest, uintptr_t top)
{
	t->stack_low = lowest;
	t->stack_limit = lowest ? lowest + MIN(ARCH_STACK_RESERVE, (top - lowest) / 4) : 0;
	if (limit_of(t))
		*limit_of(t) = t->stack_limit;
}

uintptr_t thread_swap_stack_limit(uintptr_t limit)
{
	uintptr_t *slot = limit_of(thread_self()), old = 0;

	if (slot) {
		old = *slot;
		*slot = limit;
	}
	return old;
}

void thread_restore_stack_limit(void)
{
	const struct thread *self = thread_self();
	uintptr_t *slot = limit_of(self);

	if (slot && !*slot)
		*slot = self->stack_limit;
}

void thread_set_tls(uintptr_t base)
{
	preempt_disable();
	thread_self()->tls_base = base;
	plat_thread_switch(base);
	preempt_enable();
}

bool thread_interrupted(void)
{
	return thread_self()->interrupted;
}

void thread_interrupt(struct thread *t)
{
	preempt_disable();
	t->interrupted = true;
	if (t->interruptible)
		thread_wake(t);
	preempt_enable();
}

void thread_clear_interrupted(struct thread *t)
{
	t->interrupted = false;
}

int thread_for_each(int (*fn)(struct thread *t, void *arg), void *arg)
{
	for (struct tree_node *n = tree_first(&all_threads), *next; n; n = next) {
		next = tree_next(n);
		int r = fn(tree_entry(n, struct thread, id_node), arg);

		if (r)
			return r;
	}
	return 0;
}
