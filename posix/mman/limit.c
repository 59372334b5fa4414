/* SPDX-License-Identifier: BSD-3-Clause */
/* The limits on what is mapped. What is there is summed up when a limit is set only: few programs do. */
#include <abi/resource.h>
#include <posix/limits.h>

#include "internal.h"

/* What RLIMIT_DATA counts: memory that may be written and is no file's. */
static bool is_data(const struct vmem_region *r)
{
	return r->prot & VMEM_WRITE && !r->paged;
}

static bool could_be_data(const struct vmem_region *r)
{
	return !(r->prot & VMEM_WRITE) && !r->paged;
}

static bool is_reserved(const struct vmem_region *r __unused)
{
	return true;
}

/* Bytes of [from, to) in regions of the kind; of the heap's what is in use. */
static uint64_t sum_of(uintptr_t from, uintptr_t to, bool (*kind)(const struct vmem_region *r))
{
	struct vmem_region r;
	uint64_t sum = 0;

	for (uintptr_t at = from; at < to && vmem_region_at(at, &r) && r.start < to; at = r.end) {
		uintptr_t end = MIN(r.end, to), start = MAX(r.start, from);

		if (heap_start && r.start == heap_start)
			end = MIN(end, MAX(start, heap_end));
		if (kind(&r))
			sum += end - start;
	}
	return sum;
}

static bool allowed(int which, const struct growth *g, bool (*kind)(const struct vmem_region *r))
{
	uint64_t limit = limit_of(which), now;

	if (limit == RLIM_INFINITY)
		return true;
	now = sum_of(0, VMEM_END, kind) - sum_of(g->place, g->place + g->replaced, kind);
	return g->size <= limit && now <= limit - g->size;
}

bool growth_allowed(const struct growth *g)
{
	return allowed(RLIMIT_AS, g, is_reserved) && (!g->data || allowed(RLIMIT_DATA, g, is_data));
}

bool writing_allowed(uintptr_t addr, size_t size)
{
	if (limit_of(RLIMIT_DATA) == RLIM_INFINITY || addr + size < addr)
		return true;
	return allowed(RLIMIT_DATA, &(struct growth){ .size = sum_of(addr, addr + size, could_be_data) }, is_data);
}
