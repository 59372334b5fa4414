/* SPDX-License-Identifier: BSD-3-Clause */
#include "sched.h"

#include <arch/context.h>
#include <arch/stack_limit.h>
#include <core/string.h>
#include <plat/thread.h>

static struct list all_threads = LIST_INIT(all_threads);
static int last_id;

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

static bool id_in_use(int id)
{
	struct thread *t;

	list_for_each(t, &all_threads, all_link)
		if (t->id == id)
			return true;
	return false;
}

void thread_adopt(struct thread *t, const char *name)
{
	strlcpy(t->name, name, sizeof(t->name));
	list_init(&t->run_link);
	do
		last_id = last_id == INT32_MAX ? 1 : last_id + 1;
	while (id_in_use(last_id));
	t->id = last_id;
	list_push_back(&all_threads, &t->all_link);
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
	list_del(&self->all_link);
	self->state = THREAD_DEAD;
	schedule();
	__builtin_unreachable();
}

void thread_call_on_stack(void (*fn)(void *), void *arg, uintptr_t stack_top)
{
	arch_call_on_stack(fn, arg, stack_top);
}

void thread_set_stack_limit(uintptr_t tls_base, uintptr_t lowest, uintptr_t top)
{
	if (arch_stack_limit(tls_base))
		*arch_stack_limit(tls_base) = lowest ? lowest + MIN(ARCH_STACK_RESERVE, (top - lowest) / 4) : 0;
}

uintptr_t thread_swap_stack_limit(uintptr_t limit)
{
	uintptr_t *slot = arch_stack_limit(thread_self()->tls_base), old = 0;

	if (slot) {
		old = *slot;
		*slot = limit;
	}
	return old;
}

void thread_set_tls(uintptr_t base)
{
	preempt_disable();
	thread_self()->tls_base = base;
	plat_thread_switch(base);
	preempt_enable();
}

void thread_hold_signals(void)
{
	thread_self()->signals_held++;
	barrier();
}

void thread_release_signals(void)
{
	barrier();
	thread_self()->signals_held--;
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
	struct thread *t, *next;

	list_for_each_safe(t, next, &all_threads, all_link) {
		int r = fn(t, arg);

		if (r)
			return r;
	}
	return 0;
}
