/* SPDX-License-Identifier: BSD-3-Clause */
/* xen/include/public/grant_table.h, version 1. */
#ifndef XEN_GRANT_ABI_H
#define XEN_GRANT_ABI_H

#include <core/base.h>

#define HYPERCALL_GRANT_TABLE_OP 20

struct grant_entry {
	uint16_t flags, domid;
	uint32_t frame;
};

#define GTF_PERMIT_ACCESS 1u
#define GTF_READONLY 4u
#define GTF_READING 8u
#define GTF_WRITING 16u

#define GNTTABOP_MAP_GRANT_REF 0
#define GNTTABOP_UNMAP_GRANT_REF 1
#define GNTTABOP_QUERY_SIZE 6

struct map_grant {
	uint64_t host_addr;
	uint32_t flags, ref;
	uint16_t dom;
	int16_t status;
	uint32_t handle;
	uint64_t dev_bus_addr;
};

struct unmap_grant {
	uint64_t host_addr, dev_bus_addr;
	uint32_t handle;
	int16_t status;
};

#define GNTMAP_HOST_MAP 2u
#define GNTMAP_READONLY 4u

struct query_size {
	uint16_t dom;
	uint32_t nr_frames, max_nr_frames;
	int16_t status;
};

#endif
