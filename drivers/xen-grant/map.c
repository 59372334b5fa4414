/* SPDX-License-Identifier: BSD-3-Clause */
/* Other domains' grants, mapped here. */
#include <core/errno.h>
#include <drivers/xen-grant.h>

#include "table.h"

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
