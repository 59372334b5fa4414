/* SPDX-License-Identifier: BSD-3-Clause */
#include <core/kthread.h>

#include <core/alloc.h>
#include <core/errno.h>
#include <core/thread.h>
#include <plat/pgtable.h>

#define STACK_PAGES 4u
#define STACK_SIZE (STACK_PAGES * PAGE_SIZE)
#define SLOT (STACK_SIZE + PAGE_SIZE) /* the lowest page stays unmapped */

struct kthread {
	struct thread thread;
	void (*fn)(void *);
	void *arg;
	uintptr_t stack; /* its lowest address */
};

/* Stacks of threads that ended, for the next ones. Each starts with the address of the next. */
static uintptr_t unused;
static uintptr_t next_slot = KTHREAD_STACKS;
static struct spinlock kthread_lock = SPINLOCK_INIT("kthread");

static void release(struct thread *t)
{
	struct kthread *k = container_of(t, struct kthread, thread);

	spin_lock(&kthread_lock);
	*(uintptr_t *)k->stack = unused;
	unused = k->stack;
	spin_unlock(&kthread_lock);
	kfree(k);
}

static void run(void *arg)
{
	struct kthread *k = arg;

	k->fn(k->arg);
	thread_exit();
}

static void gone(uint64_t pa, unsigned flags __unused)
{
	page_free(phys_to_virt(pa), 0);
}

static int map_page(uintptr_t va)
{
	void *page = page_alloc(0);

	if (!page)
		return -ENOMEM;
	int ret = plat_pt_map(va, virt_to_phys(page), PT_READ | PT_WRITE);

	if (ret)
		page_free(page, 0);
	return ret;
}

/* With the lock held: the lowest address of a stack, or 0: no memory. All of it is backed: faults would want locks that its user holds. */
static uintptr_t make_stack(void)
{
	uintptr_t stack = next_slot + PAGE_SIZE;

	if (stack + STACK_SIZE > KTHREAD_STACKS_END)
		return 0;
	for (unsigned i = 0; i < STACK_PAGES; i++) {
		if (!map_page(stack + i * PAGE_SIZE))
			continue;
		plat_pt_unmap(stack, stack + STACK_SIZE, gone);
		return 0;
	}
	next_slot += SLOT;
	return stack;
}

static uintptr_t take_stack(void)
{
	spin_lock(&kthread_lock);
	uintptr_t stack = unused;

	if (stack)
		unused = *(uintptr_t *)stack;
	else
		stack = make_stack();
	spin_unlock(&kthread_lock);
	return stack;
}

bool kthread_is_guard(uintptr_t addr)
{
	return addr >= KTHREAD_STACKS && addr < next_slot && (addr - KTHREAD_STACKS) % SLOT < PAGE_SIZE;
}

struct thread *thread_create(const char *name, void (*fn)(void *), void *arg)
{
	struct kthread *k = kzalloc(sizeof(*k));

	if (!k)
		return NULL;
	k->stack = take_stack();
	if (!k->stack) {
		kfree(k);
		return NULL;
	}
	k->fn = fn;
	k->arg = arg;
	k->thread.release = release;
	thread_start(&k->thread, name, k->stack + STACK_SIZE, run, k);
	return &k->thread;
}
