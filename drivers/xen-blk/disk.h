/* SPDX-License-Identifier: BSD-3-Clause */
/* Shared inside drivers/xen-blk. */
#ifndef XEN_BLK_DISK_H
#define XEN_BLK_DISK_H

#include <core/block.h>
#include <drivers/xen-grant.h>
#include <drivers/xenbus.h>

#include "abi.h"

/* Most pages of one request; what the back end may do less, the disk's limits say. */
#define SEGMENTS_MAX 64u

/*
 * Pages that the back end may access for ever, so that it can keep them mapped (feature-persistent). Data passes through them: a device model's
 * buffers are mostly another domain's memory, which cannot be granted.
 */
struct pool_page {
	struct pool_page *next;
	char *data;
	grant_ref_t ref;
};

struct pool {
	struct pool_page *free;
	unsigned count;
	domid_t domid;
};

/* A page, made if need be; NULL when there are enough or memory is out. Preemption disabled. */
struct pool_page *pool_take(struct pool *p);
void pool_give(struct pool *p, struct pool_page *page);

/* A request on the ring. */
struct slot {
	struct block_req *req; /* NULL: free */
	unsigned pages;
	struct pool_page *page[SEGMENTS_MAX];
	struct pool_page *indirect; /* the list of segments */
};

struct disk {
	struct block_dev block;
	struct xenbus_dev *bus;
	struct ring *ring;
	uint32_t req_prod, rsp_cons;
	uint32_t port;
	bool up; /* requests can go to the back end */
	unsigned segments_max;
	struct pool pool;
	struct list waiting; /* requests that found no room */
	struct slot slots[ENTRIES];
};

/* The name of virtual device @number (docs/man/xen-vbd-interface): "xvda". Returns false for a partition or an unknown kind. */
bool disk_name(unsigned number, char *name, size_t size);

/* Set up ring and event channel and read what the back end offers. 0 or -Exxx. */
int disk_connect(struct disk *d);
/* Event on the ring. */
void disk_event(uint32_t port, void *disk);
void disk_submit(struct block_dev *dev, struct block_req *req);
/* The back end is gone or broke the protocol: say why, and fail what is outstanding and what comes. Any context. */
void disk_down(struct disk *d, const char *why);

#endif
