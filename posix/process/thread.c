/* SPDX-License-Identifier: BSD-3-Clause */
#include <posix/calls.h>

#include <core/alloc.h>
#include <core/errno.h>
#include <core/init.h>
#include <core/log.h>
#include <core/vmem.h>
#include <posix/futex.h>

#include "internal.h"

/* How much of a new thread's stack is backed where the platform wants that. The C library's stacks are 128 KiB there unless told otherwise. */
#define STACK_BACKED (256ul << 10)

/*
 * System calls and interrupts use the thread's stack. A program that asks for less than this counts on a kernel with stacks of its own: its
 * thread gets another one, of OWN_STACK, instead.
 */
#define SMALL_STACK (16ul << 10)

PROCESS_LOCAL int thread_count_of_process = 1;

struct posix_thread *posix_thread_self(void)
{
	return thread_self()->posix;
}

static struct signal_thread *signals_of(struct thread *t)
{
	struct posix_thread *p = t->posix;

	return p ? p->signals : NULL;
}

static void discard(struct posix_thread *p)
{
	if (p->own_stack)
		vmem_unmap_later(p->own_stack - PAGE_SIZE, PAGE_SIZE + OWN_STACK);
	if (p->signals)
		signal_thread_free(p->signals);
	kfree(p->thread.user);
	kfree(p);
}

static void release(struct thread *t)
{
	struct posix_thread *p = t->posix;

	/* Only now, off its stack: whoever waits for this may unmap the stack at once. */
	if (p->clear_tid) {
		*p->clear_tid = 0;
		futex_wake(p->clear_tid, 1);
	}
	if (p->unmap_size)
		vmem_unmap_later(p->unmap_base, p->unmap_size);
#ifdef CONFIG_CORE_PROCESSES
	const uintptr_t process = process_of(t);
	const bool last = p->last;

	discard(p);
	process_thread_gone(process, last);
#else
	discard(p);
#endif
}

static void run(void *arg)
{
	struct posix_thread *p = arg;

	sys_exit(p->fn(p->arg));
}

/* Where @p's stack [*lowest, *top) is in truth, backed as far as the platform wants that. */
static int prepare_stack(struct posix_thread *p, uintptr_t *lowest, uintptr_t *top)
{
	if (*top - *lowest < SMALL_STACK) {
		long own = vmem_stack_alloc(OWN_STACK, 0);

		if (own < 0)
			return -EAGAIN;
		p->own_stack = *lowest = (uintptr_t)own;
		*top = *lowest + OWN_STACK;
	}
	uintptr_t backed = MIN(*top - *lowest, STACK_BACKED);

	if (vmem_back_stack(*top - backed, backed))
		return -EAGAIN;
	*lowest = MAX(*lowest, vmem_stack_lowest(*top, STACK_BACKED));
	return 0;
}

static struct posix_thread *thread_new(const struct thread_plan *plan, uintptr_t *lowest, uintptr_t *top)
{
	struct posix_thread *p = kzalloc(sizeof(*p)), *self = posix_thread_self();

	if (!p)
		return NULL;
	p->signals = signal_thread_new(self ? self->signals : NULL);
	if (!p->signals || prepare_stack(p, lowest, top)) {
		discard(p);
		return NULL;
	}
	p->fn = plan->fn;
	p->arg = plan->arg;
	p->thread.posix = p;
	p->thread.release = release;
	p->thread.tls_base = plan->tls;
	p->thread.user = plan->user;
#ifdef CONFIG_CORE_PROCESSES
	p->thread.process = plan->process ? plan->process : process_self();
#endif
	p->thread.signals_held = plan->user ? 1 : 0; /* a program's are delivered on the way to it */
	return p;
}

long posix_thread_start(const struct thread_plan *plan, unsigned long flags)
{
	uintptr_t lowest = plan->lowest, top = plan->top;
	struct posix_thread *p = thread_new(plan, &lowest, &top);

	if (!p)
		return -EAGAIN;
	p->clear_tid = flags & CLONE_CHILD_CLEARTID ? plan->ctid : NULL;
	thread_set_stack(&p->thread, lowest, top);
	thread_inherit_schedule(&p->thread);
	spin_lock(&threads_lock); /* the new thread must not run before its id is where the flags want it */
	process_local_of(process_of(&p->thread), thread_count_of_process)++;
	thread_start(&p->thread, thread_name(thread_self()), top, run, p);
	int id = p->thread.id;

#ifdef CONFIG_CORE_PROCESSES
	if (plan->process)
		process_begin(plan->process, id);
#endif
	if (flags & CLONE_PARENT_SETTID)
		*plan->ptid = id;
	if (flags & CLONE_CHILD_SETTID)
		*plan->ctid = id;
	spin_unlock(&threads_lock);
	return id;
}

long uk_clone(int (*fn)(void *), void *stack, void *stack_low, unsigned long flags, void *arg, int *ptid, void *tls, int *ctid)
{
	const unsigned long needed = CLONE_VM | CLONE_SIGHAND | CLONE_THREAD | CLONE_SETTLS;

	if ((flags & needed) != needed) {
		pr_warn("clone: flags 0x%lx would need a new process: EINVAL", flags);
		return -EINVAL;
	}
	return posix_thread_start(&(struct thread_plan){ .fn = fn,
	                                                 .arg = arg,
	                                                 .lowest = (uintptr_t)stack_low,
	                                                 .top = (uintptr_t)stack,
	                                                 .tls = (uintptr_t)tls,
	                                                 .ptid = ptid,
	                                                 .ctid = ctid },
	                          flags);
}

void uk_unmapself(void *base, unsigned long size)
{
	struct posix_thread *self = posix_thread_self();

	self->unmap_base = (uintptr_t)base;
	self->unmap_size = size;
	sys_exit(0);
	__builtin_unreachable();
}

long sys_set_tid_address(int *address)
{
	posix_thread_self()->clear_tid = address;
	return thread_self()->id;
}

long sys_gettid(void)
{
	return thread_self()->id;
}

#ifdef CONFIG_CORE_PROCESSES
static void release_first(struct thread *t)
{
	process_thread_gone(process_of(t), false);
}
#endif

static int process_init(void)
{
	static struct posix_thread first;

	first.signals = signal_thread_new(NULL);
	if (!first.signals)
		return -ENOMEM;
	thread_self()->posix = &first;
#ifdef CONFIG_CORE_PROCESSES
	thread_self()->release = release_first;
#endif
	signal_thread_of = signals_of;
	return 0;
}
INITCALL(INIT_SERVICES, process_init);
