/* SPDX-License-Identifier: BSD-3-Clause */
/* Frames of other domains: page-table entries that Xen writes. */
#include <core/errno.h>
#include <core/sched.h>

#include "pv.h"

/* Bits that Xen puts into the available bits of the entry, from bit 9 on: PTE_SHARED and PTE_FOREIGN of arch/pgtable.h. */
#define GNTMAP_PTE_SHARED_FOREIGN (5u << 16)

#define GRANT_FRAMES_MAX 64
#define BATCH 64ul /* updates a hypercall, while nobody else runs */

/* Have Xen make @updates, and go on behind those that it refuses. */
static void apply(struct mmu_update *updates, size_t count, domid_t domid, int *err)
{
	while (count) {
		uint32_t done = 0;
		long ret = xen_hypercall(HYPERCALL_MMU_UPDATE, (uintptr_t)updates, count, (uintptr_t)&done, domid, 0);

		if (!ret)
			return;
		err[done] = ret;
		updates += done + 1;
		err += done + 1;
		count -= done + 1;
	}
}

static void map_batch(uintptr_t va, domid_t domid, const uint64_t *frames, size_t count, unsigned kind, bool write, int *err)
{
	struct mmu_update updates[BATCH];
	size_t ready = 0;

	preempt_disable();
	for (; ready < count; ready++) {
		const uint64_t *e = pgtable_leaf(va + ready * PAGE_SIZE);

		if (!e)
			break;
		updates[ready] = pgtable_foreign(e, frames[ready], kind, write);
	}
	for (size_t i = 0; i < count; i++)
		err[i] = i < ready ? 0 : -ENOMEM;
	apply(updates, ready, domid, err);
	preempt_enable();
}

int pv_map_foreign(uintptr_t va, domid_t domid, const uint64_t *frames, size_t count, bool machine, bool write, int *err)
{
	unsigned kind = machine ? MMU_PT_UPDATE_NO_TRANSLATE : MMU_NORMAL_PT_UPDATE;

	for (size_t i = 0; i < count; i += BATCH)
		map_batch(va + i * PAGE_SIZE, domid, frames + i, MIN(count - i, BATCH), kind, write, err + i);
	for (size_t i = 0; i < count; i++)
		if (err[i])
			return err[i];
	return 0;
}

int pv_map_grant_table(uintptr_t va, unsigned index)
{
	uint64_t list[GRANT_FRAMES_MAX];
	struct setup_grant_table op = { .dom = DOMID_SELF, .nr_frames = index + 1, .frame_list = list };
	int err;

	if (index >= GRANT_FRAMES_MAX)
		return -ENOSPC;
	long ret = xen_hypercall3(HYPERCALL_GRANT_TABLE_OP, GNTTABOP_SETUP_TABLE, (uintptr_t)&op, 1);

	if (ret || op.status)
		return -ENOSPC;
	return pv_map_foreign(va, DOMID_SELF, &list[index], 1, false, true, &err);
}

int pv_grant_place(uintptr_t va, domid_t granter __unused, bool write __unused, xen_grant_op_t op, void *arg)
{
	preempt_disable();
	bool ok = pgtable_leaf(va);

	preempt_enable();
	return ok ? op(va, GNTMAP_PTE_SHARED_FOREIGN, arg) : -ENOMEM;
}

int pv_grant_unplace(uintptr_t va, xen_grant_op_t op, void *arg)
{
	return op(va, 0, arg);
}
