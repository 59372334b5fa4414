/* SPDX-License-Identifier: BSD-3-Clause */
#include <drivers/xen-grant.h>

#include <core/alloc.h>
#include <core/errno.h>
#include <core/init.h>
#include <core/log.h>
#include <core/sched.h>
#include <core/vmem.h>
#include <plat/xen_suspend.h>

#include "table.h"

/* Free entries are chained through their frame field; with flags 0 Xen looks at none of it. */
static struct grant_entry *table;
static unsigned frames, frames_max;
static grant_ref_t first_free; /* 0: none */
static bool exhausted; /* and it was said: many may ask until an entry is free again */
static struct spinlock grant_lock = SPINLOCK_INIT("xen-grant: free references");

long grant_op(unsigned op, void *arg, unsigned count)
{
	return xen_hypercall(HYPERCALL_GRANT_TABLE_OP, op, (uintptr_t)arg, count, 0, 0);
}

/* Add a frame of entries; Xen gives and owns it. */
static int grow(void)
{
	if (frames == frames_max)
		return -ENOSPC;
	int ret = xen_map_grant_table((uintptr_t)table + frames * PAGE_SIZE, frames);

	if (ret)
		return ret;
	grant_ref_t first = MAX(frames * PER_FRAME, RESERVED);

	for (grant_ref_t ref = (frames + 1) * PER_FRAME; ref-- > first;) {
		table[ref].frame = first_free;
		first_free = ref;
	}
	frames++;
	return 0;
}

static int grant(domid_t remote, uint64_t frame, bool readonly)
{
	spin_lock(&grant_lock);
	int ret = first_free ? 0 : table ? grow() : -ENODEV;
	grant_ref_t ref = first_free;

	if (!ret)
		first_free = table[ref].frame;
	bool first = !exhausted;

	exhausted = ret;
	spin_unlock(&grant_lock);
	if (ret && first)
		pr_err("grant table: no entry for domain %u (%u of %u frames in use): errno %d", remote, frames, frames_max,
		       -ret);
	if (ret)
		return ret;
	table[ref].domid = remote;
	table[ref].frame = frame;
	barrier(); /* valid with the flags */
	WRITE_ONCE(table[ref].flags, GTF_PERMIT_ACCESS | (readonly ? GTF_READONLY : 0));
	return ref;
}

int xen_grant_access_frame(domid_t remote, uint64_t pa, bool readonly)
{
	return grant(remote, xen_frame_of(phys_to_virt(pa & PAGE_MASK)), readonly);
}

int xen_grant_access(domid_t remote, const void *page, bool readonly)
{
	paddr_t pa;
	int ret = vmem_translate(page, !readonly, &pa);

	return ret ? ret : xen_grant_access_frame(remote, pa, readonly);
}

int xen_grant_end(grant_ref_t ref)
{
	uint16_t flags = READ_ONCE(table[ref].flags);

	do {
		if (flags & (GTF_READING | GTF_WRITING))
			return -EBUSY;
	} while (!__atomic_compare_exchange_n(&table[ref].flags, &flags, 0, false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST));
	spin_lock(&grant_lock);
	table[ref].frame = first_free;
	first_free = ref;
	spin_unlock(&grant_lock);
	return 0;
}

static int suspend(void)
{
	int ret = table_keep(table, frames);

	if (!ret)
		xen_unmap_grant_table((uintptr_t)table, frames);
	return ret;
}

static void resume(bool cancelled)
{
	for (unsigned i = 0; i < frames; i++) {
		int ret = xen_map_grant_table((uintptr_t)table + i * PAGE_SIZE, i);

		if (ret)
			panic("grant table: frame %u of %u is not there after the suspension: errno %d", i, frames, -ret);
	}
	table_bring_back(table, frames, cancelled);
}

static int xen_grant_init(void)
{
	static struct xen_suspend_step step = { .layer = XEN_SUSPEND_GRANTS, .suspend = suspend, .resume = resume };
	struct query_size op = { .dom = DOMID_SELF };
	long ret = grant_op(GNTTABOP_QUERY_SIZE, &op, 1);

	if (ret || op.status)
		return ret ? ret : -ENODEV;
	frames_max = MIN(op.max_nr_frames, FRAMES_MAX);
	long va = vmem_map(&(struct vmem_map_args){ .size = FRAMES_MAX * PAGE_SIZE, .name = "grant table" });

	if (va < 0)
		return va;
	table = (struct grant_entry *)va;
	int err = grow();

	if (!err)
		xen_suspend_add(&step);
	return err;
}
INITCALL(INIT_SERVICES, xen_grant_init);
