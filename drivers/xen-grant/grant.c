/* SPDX-License-Identifier: BSD-3-Clause */
#include <drivers/xen-grant.h>

#include <core/alloc.h>
#include <core/errno.h>
#include <core/init.h>
#include <core/log.h>
#include <core/sched.h>
#include <core/vmem.h>

#include "abi.h"

#define PER_FRAME (PAGE_SIZE / sizeof(struct grant_entry))
#define RESERVED 8 /* the first references belong to the toolstack */
#define FRAMES_MAX 64

/* Free entries are chained through their frame field; with flags 0 Xen looks at none of it. */
static struct grant_entry *table;
static unsigned frames, frames_max;
static grant_ref_t first_free; /* 0: none */
static bool exhausted; /* and it was said: many may ask until an entry is free again */
static struct spinlock grant_lock = SPINLOCK_INIT("xen-grant: free references");

static long grant_op(unsigned op, void *arg, unsigned count)
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

/* GNTST_* to errno. */
static int error_of(int16_t status)
{
	switch (status) {
	case 0:
		return 0;
	case -2: /* bad domain */
		return -ESRCH;
	case -3: /* bad reference */
	case -4: /* bad handle */
		return -EINVAL;
	case -8: /* permission denied */
		return -EACCES;
	case -12: /* again */
		return -EAGAIN;
	default:
		return -EIO;
	}
}

struct mapping {
	struct xen_grant_map *map;
	bool write;
};

static int map_one(uint64_t host_addr, uint32_t flags, void *arg)
{
	struct mapping *m = arg;
	struct map_grant op = { .host_addr = host_addr,
		                .ref = m->map->ref,
		                .dom = m->map->domid,
		                .flags = GNTMAP_HOST_MAP | flags | (m->write ? 0 : GNTMAP_READONLY) };
	long ret = grant_op(GNTTABOP_MAP_GRANT_REF, &op, 1);

	m->map->handle = op.handle;
	return ret ? ret : error_of(op.status);
}

int xen_grant_map(uintptr_t va, struct xen_grant_map *maps, size_t count, bool write)
{
	int first = 0;

	for (size_t i = 0; i < count; i++, va += PAGE_SIZE) {
		maps[i].status = xen_grant_place(va, maps[i].domid, write, map_one, &(struct mapping){ &maps[i], write });
		if (maps[i].status && !first)
			first = maps[i].status;
	}
	return first;
}

static int unmap_one(uint64_t host_addr, uint32_t flags __unused, void *arg)
{
	struct unmap_grant op = { .host_addr = host_addr, .handle = *(uint32_t *)arg };
	long ret = grant_op(GNTTABOP_UNMAP_GRANT_REF, &op, 1);

	return ret ? ret : error_of(op.status);
}

int xen_grant_unmap(uintptr_t va, const struct xen_grant_map *maps, size_t count)
{
	int first = 0;

	for (size_t i = 0; i < count; i++, va += PAGE_SIZE) {
		uint32_t handle = maps[i].handle;

		if (maps[i].status)
			continue;
		int ret = xen_grant_unplace(va, unmap_one, &handle);

		if (ret && !first)
			first = ret;
	}
	return first;
}

static int xen_grant_init(void)
{
	struct query_size op = { .dom = DOMID_SELF };
	long ret = grant_op(GNTTABOP_QUERY_SIZE, &op, 1);

	if (ret || op.status)
		return ret ? ret : -ENODEV;
	frames_max = MIN(op.max_nr_frames, FRAMES_MAX);
	long va = vmem_map(&(struct vmem_map_args){ .size = FRAMES_MAX * PAGE_SIZE, .name = "grant table" });

	if (va < 0)
		return va;
	table = (struct grant_entry *)va;
	return grow();
}
INITCALL(INIT_SERVICES, xen_grant_init);
