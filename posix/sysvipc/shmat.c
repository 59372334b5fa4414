/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * shmat(2), shmdt(2). A mapping is a region of memory whose pager counts the segment's users: what cuts a region in two, or takes it away,
 * munmap(2), another program, the end of a process, is counted like a call of shmdt().
 */
#include <core/errno.h>
#include <core/process.h>
#include <core/vmem.h>
#include <posix/calls.h>
#include <posix/mman.h>

#include "shm.h"

static int segment_page(void *object, uint64_t offset, void **page, bool *shared)
{
	struct shm_segment *s = object;

	return s->pager->get_page(s->object, offset, page, shared);
}

static void note_attached(struct shm_segment *s)
{
	s->attached++;
	s->atime = ipc_now();
	s->lpid = process_id();
}

static void segment_ref(void *object)
{
	spin_lock(&shm_ids.lock);
	note_attached(object);
	spin_unlock(&shm_ids.lock);
}

static void segment_unref(void *object)
{
	shm_put(object, true);
}

static const struct vmem_pager segment_pager = { segment_page, segment_ref, segment_unref };

/* Where to, as @flags have it; 0: anywhere. */
static int choose_place(uintptr_t address, int flags, uintptr_t *place)
{
	if (flags & SHM_RND)
		address &= PAGE_MASK;
	if ((address & ~PAGE_MASK) || (!address && (flags & SHM_REMAP)))
		return -EINVAL;
	*place = address;
	return 0;
}

static unsigned protection(int flags)
{
	return VMEM_READ | (flags & SHM_RDONLY ? 0 : VMEM_WRITE) | (flags & SHM_EXEC ? VMEM_EXEC : 0);
}

/* @s has been counted as attached. */
static long map(struct shm_segment *s, uintptr_t place, int flags)
{
	struct vmem_map_args args = {
		.addr = place,
		.size = shm_pages(s) * PAGE_SIZE,
		.prot = protection(flags),
		.read_only = flags & SHM_RDONLY,
		.fixed = place,
		.no_replace = !(flags & SHM_REMAP),
		.pager = &segment_pager,
		.object = s,
		.name = "SYSV",
	};
	const struct growth g = { .size = args.size, .place = place, .replaced = flags & SHM_REMAP ? args.size : 0 };

	if (!growth_allowed(&g))
		return -ENOMEM;
	own_by_program(&args);
	long ret = vmem_map(&args);

	return ret == -EEXIST ? -EINVAL : ret;
}

long sys_shmat(int id, uintptr_t address, int flags)
{
	uintptr_t place;
	long ret = id < 0 ? -EINVAL : choose_place(address, flags, &place);

	if (ret)
		return ret;
	spin_lock(&shm_ids.lock);
	struct shm_segment *s = shm_find(id);

	if (s)
		note_attached(s);
	spin_unlock(&shm_ids.lock);
	if (!s)
		return -EINVAL;
	ret = map(s, place, flags);
	if (ret < 0)
		shm_put(s, false);
	return ret;
}

static bool is_own(const struct vmem_region *r __unused)
{
#ifdef CONFIG_CORE_PROCESSES
	return r->owner == process_local(process_here).space;
#else
	return true;
#endif
}

/* Does @r show a segment that begins at @address? */
static bool shows_from(const struct vmem_region *r, uintptr_t address)
{
	return r->pager == &segment_pager && r->start - address == r->offset && is_own(r);
}

static size_t size_of(const void *segment)
{
	spin_lock(&shm_ids.lock);
	size_t size = shm_size_of(segment);

	spin_unlock(&shm_ids.lock);
	return size;
}

long sys_shmdt(uintptr_t address)
{
	const void *segment = NULL;
	uintptr_t end = VMEM_END;
	struct vmem_region r;

	if (address & ~PAGE_MASK)
		return -EINVAL;
	/* Parts may be gone, or be somebody else's: what is left of one segment goes. */
	for (uintptr_t at = address; vmem_region_at(at, &r) && r.start < end; at = r.end) {
		if (r.start < address || !shows_from(&r, address) || (segment && r.object != segment))
			continue;
		segment = r.object;
		end = address + size_of(segment);
		vmem_unmap(r.start, r.end - r.start);
	}
	return segment ? 0 : -EINVAL;
}
