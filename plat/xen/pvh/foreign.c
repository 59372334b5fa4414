/* SPDX-License-Identifier: BSD-3-Clause */
/* Frames of other domains, and Xen's own: put at unused guest frames, and mapped from there. */
#include <core/errno.h>
#include <core/log.h>
#include <core/sched.h>
#include <plat/pgtable.h>

#include "pvh.h"

#define BATCH 32u

static unsigned access_flags(bool write)
{
	return PT_READ | (write ? PT_WRITE : 0) | PT_SHARED | PT_FOREIGN;
}

static int map(uintptr_t va, uint64_t frame, unsigned flags)
{
	preempt_disable();
	int ret = native_pt_map(va, frame << PAGE_SHIFT, flags);

	preempt_enable();
	return ret;
}

static void nothing(uint64_t pa __unused, unsigned flags __unused)
{
}

static void unmap(uintptr_t va)
{
	preempt_disable();
	native_pt_unmap(va, va + PAGE_SIZE, nothing);
	preempt_enable();
}

/* Have Xen put @frames of domain @domid at @places, those that are not 0. */
static void place_foreign(domid_t domid, const uint64_t *frames, const uint64_t *places, unsigned count, int *err)
{
	struct add_to_physmap_batch op = { .domid = DOMID_SELF,
		                           .space = XENMAPSPACE_GMFN_FOREIGN,
		                           .size = count,
		                           .foreign_domid = domid,
		                           .idxs = frames,
		                           .gpfns = places,
		                           .errs = err };
	long ret = xen_hypercall3(HYPERCALL_MEMORY_OP, XENMEM_ADD_TO_PHYSMAP_BATCH, (uintptr_t)&op, 0);

	for (unsigned i = 0; ret && i < count; i++)
		err[i] = ret;
}

/* Places for @count pages, as many as there are. */
static unsigned take_places(uint64_t *places, unsigned count)
{
	unsigned n = 0;

	while (n < count && (places[n] = pvh_frame_alloc()))
		n++;
	return n;
}

static void map_batch(uintptr_t va, domid_t domid, const uint64_t *frames, unsigned count, bool write, int *err)
{
	uint64_t places[BATCH], wanted[BATCH]; /* the caller's may not be backed */
	int status[BATCH];
	unsigned n = take_places(places, count);

	for (unsigned i = 0; i < n; i++)
		wanted[i] = frames[i];
	if (n)
		place_foreign(domid, wanted, places, n, status);
	for (unsigned i = 0; i < count; i++) {
		err[i] = i < n ? status[i] : -ENOMEM;
		if (i < n && err[i])
			pvh_frame_free(places[i]);
		if (err[i])
			continue;
		err[i] = map(va + i * PAGE_SIZE, places[i], access_flags(write));
		if (err[i])
			pvh_frame_release(places[i]);
	}
}

int pvh_map_foreign(uintptr_t va, domid_t domid, const uint64_t *frames, size_t count, bool machine, bool write, int *err)
{
	int first = 0;

	for (size_t at = 0; at < count; at += BATCH) {
		unsigned n = MIN(count - at, BATCH);

		if (!machine)
			map_batch(va + at * PAGE_SIZE, domid, frames + at, n, write, err + at);
		for (unsigned i = 0; i < n; i++) {
			if (machine)
				err[at + i] = -EOPNOTSUPP;
			if (!first)
				first = err[at + i];
		}
	}
	if (first == -EPERM)
		pr_err("Xen does not permit this PVH domain to map frames of domain %u", domid);
	return first;
}

int pvh_map_grant_table(uintptr_t va, unsigned index)
{
	uint64_t place = pvh_frame_alloc();

	if (!place)
		return -ENOMEM;
	if (pvh_frame_fill(place, XENMAPSPACE_GRANT_TABLE, index)) {
		pvh_frame_free(place);
		return -ENOSPC;
	}
	int ret = map(va, place, access_flags(true));

	if (ret)
		pvh_frame_release(place);
	return ret;
}

/*
 * The page tables come first, without access, since they may not be had. A frame has one place in its owner's guest-physical space: a grant
 * to ourselves would leave a hole where the page was.
 */
int pvh_grant_place(uintptr_t va, domid_t granter, bool write, xen_grant_op_t op, void *arg)
{
	if (pvh_is_self(granter))
		return -EOPNOTSUPP;
	uint64_t place = pvh_frame_alloc();
	int ret = place ? map(va, place, PT_SHARED | PT_FOREIGN) : -ENOMEM;

	if (!ret) {
		ret = op(place << PAGE_SHIFT, 0, arg);
		if (ret)
			unmap(va);
		else
			map(va, place, access_flags(write));
	}
	if (ret && place)
		pvh_frame_free(place);
	return ret;
}

int pvh_grant_unplace(uintptr_t va, xen_grant_op_t op, void *arg)
{
	unsigned flags;
	uint64_t pa;

	preempt_disable();
	bool found = native_pt_lookup(va, &pa, &flags) && flags & PT_FOREIGN;

	preempt_enable();
	if (!found)
		return -EINVAL;
	unmap(va);
	int ret = op(pa, 0, arg);

	if (!ret)
		pvh_frame_free(pa >> PAGE_SHIFT);
	return ret;
}
