/* SPDX-License-Identifier: BSD-3-Clause */
/* What is in the ring of a block device, in the layout of x86_64-abi (public/io/blkif.h). */
#ifndef XEN_BLK_ABI_H
#define XEN_BLK_ABI_H

#include <core/base.h>
#include <drivers/xen-ring.h>

#define BLKIF_OP_READ 0
#define BLKIF_OP_WRITE 1
#define BLKIF_OP_FLUSH 3
#define BLKIF_OP_DISCARD 5
#define BLKIF_OP_INDIRECT 6

#define BLKIF_OKAY 0
#define BLKIF_EOPNOTSUPP -2

#define SEGMENTS_DIRECT 11
#define INDIRECT_PAGES 8
#define SECTOR 512u

struct segment {
	uint32_t ref;
	uint8_t first, last; /* sectors of the page */
	uint16_t pad;
};

struct request {
	uint8_t operation, segments;
	uint16_t handle;
	uint64_t id, sector;
	struct segment segment[SEGMENTS_DIRECT];
};

struct request_indirect {
	uint8_t operation, real_operation;
	uint16_t segments;
	uint64_t id, sector;
	uint16_t handle;
	uint32_t pages[INDIRECT_PAGES];
};

struct request_discard {
	uint8_t operation, flag;
	uint16_t handle;
	uint64_t id, sector, sectors;
};

struct response {
	uint64_t id;
	uint8_t operation;
	int16_t status;
};

union entry {
	struct request request;
	struct request_indirect indirect;
	struct request_discard discard;
	struct response response;
};

_Static_assert(sizeof(union entry) == 112, "Xen's layout");

#define ENTRIES 32u /* that fit a page, as a power of two */

_Static_assert(XEN_RING_ENTRIES(sizeof(union entry)) == ENTRIES, "Xen's layout");

#define INFO_CDROM 1u
#define INFO_READONLY 4u

#endif
