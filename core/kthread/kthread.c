/* SPDX-License-Identifier: BSD-3-Clause */
#include <core/kthread.h>

#include <core/alloc.h>
#include <core/thread.h>

#define STACK_ORDER 2

struct kthread {
	struct thread thread;
	void (*fn)(void *);
	void *arg;
	void *stack;
};

static void release(struct thread *t)
{
	struct kthread *k = container_of(t, struct kthread, thread);

	page_free(k->stack, STACK_ORDER);
	kfree(k);
}

static void run(void *arg)
{
	struct kthread *k = arg;

	k->fn(k->arg);
	thread_exit();
}

struct thread *thread_create(const char *name, void (*fn)(void *), void *arg)
{
	struct kthread *k = kzalloc(sizeof(*k));

	if (!k)
		return NULL;
	k->stack = page_alloc(STACK_ORDER);
	if (!k->stack) {
		kfree(k);
		return NULL;
	}
	k->fn = fn;
	k->arg = arg;
	k->thread.release = release;
	thread_start(&k->thread, name, (uintptr_t)k->stack + (PAGE_SIZE << STACK_ORDER), run, k);
	return &k->thread;
}
