/* SPDX-License-Identifier: BSD-3-Clause */
/* Unmapping on behalf of those who cannot wait: a small range at once if nobody changes the map, else on a thread that starts at need. */
#include <core/kthread.h>
#include <core/log.h>

#include "vmem.h"

#define AT_ONCE (2ul << 20)

struct range {
	struct list link;
	uintptr_t addr;
	size_t size;
};

static struct list ranges = LIST_INIT(ranges);
static struct waitq ranges_wait = WAITQ_INIT(ranges_wait);
static struct spinlock ranges_lock = SPINLOCK_INIT("vmem: ranges to unmap");
static struct thread *worker;

static struct range *take(void)
{
	struct range *r = NULL;

	spin_lock(&ranges_lock);
	if (!list_empty(&ranges)) {
		r = list_first(&ranges, struct range, link);
		list_del(&r->link);
	}
	spin_unlock(&ranges_lock);
	return r;
}

static void work(void *arg __unused)
{
	struct range *r;

	for (;;) {
		wait_event(&ranges_wait, (r = take()));
		vmem_unmap(r->addr, r->size);
		kfree(r);
	}
}

void vmem_unmap_later(uintptr_t addr, size_t size)
{
	if (size <= AT_ONCE && vmem_unmap_now(addr, size))
		return;
	struct range *r = kmalloc(sizeof(*r));

	if (!worker)
		worker = thread_create("vmem", work, NULL);
	if (!r || !worker) {
		pr_err("vmem: no memory to unmap 0x%lx, %lu KiB: they stay", addr, size >> 10);
		kfree(r);
		return;
	}
	*r = (struct range){ .addr = addr, .size = size };
	spin_lock(&ranges_lock);
	list_push_back(&ranges, &r->link);
	spin_unlock(&ranges_lock);
	waitq_wake(&ranges_wait, ~0u);
}
