/* SPDX-License-Identifier: BSD-3-Clause */
/* Shared inside drivers/xen-blk. */
#ifndef XEN_BLK_DISK_H
#define XEN_BLK_DISK_H

#include <core/block.h>
#include <core/log.h>
#include <core/spinlock.h>
#include <drivers/xen-grant.h>
#include <drivers/xenbus.h>

#include "abi.h"

/* Most pages of one request; what the back end may do less, the disk's limits say. */
#define SEGMENTS_MAX 64u

/*
 * Pages that the back end may access until it is gone, so that it can keep them mapped (feature-persistent). Data passes through them: a device
 * model's buffers are mostly another domain's memory, which cannot be granted. A page is cleared when it enters the pool; what it holds after
 * that is data of this disk, which the back end has anyway. The disk's lock is held around all calls but pool_drain().
 */
struct pool {
	struct xen_grant_page *free;
	unsigned count;
	domid_t domid;
};

/* A page, made if need be; NULL when there are enough or memory is out. */
struct xen_grant_page *pool_take(struct pool *p);
void pool_give(struct pool *p, struct xen_grant_page *page);
/* Have @count pages that nobody has taken. Returns how many there are: fewer when memory or grants are out. */
unsigned pool_reserve(struct pool *p, unsigned count);
/* The disk is gone: free the pages that are not taken; those that the back end still has mapped (logged under @name) as it lets go of them. */
void pool_drain(struct pool *p, const char *name);

/* A request on the ring. */
struct slot {
	struct block_req *req; /* NULL: free */
	unsigned pages;
	struct xen_grant_page *page[SEGMENTS_MAX];
	struct xen_grant_page *indirect; /* the list of segments */
};

enum disk_stage { DISK_WAITING, DISK_OFFERED, DISK_UP, DISK_ENDED };

struct disk {
	struct block_dev block;
	struct xenbus_dev *bus;
	enum disk_stage stage; /* of the handshake; the bus's thread alone looks at it */
	unsigned handle; /* the device's number */
	struct xen_grant_page *ring_page;
	struct xen_ring ring; /* with @lock, like all below */
	struct spinlock lock;
	uint32_t port;
	bool up; /* requests can go to the back end */
	bool paused; /* they wait until it is connected again */
	bool registered;
	bool empty; /* a CD drive without a medium, to which no back end may ever answer */
	unsigned segments_max;
	struct log_limit log; /* failing requests */
	struct pool pool;
	struct list waiting; /* requests that found no room */
	struct slot slots[ENTRIES];
};

/*
 * The name of virtual device @number (docs/man/xen-vbd-interface): "xvda". One that is called a partition has its disk's name: libxl tells a
 * device model that name, and gives it all that is behind. Returns false for an unknown kind.
 */
bool disk_name(unsigned number, char *name, size_t size);

/* Set up ring and event channel, and offer them to the back end. 0 or -Exxx. */
int disk_offer(struct disk *d);
/* Read what the back end offers. 0, or -EINVAL after a message. */
int disk_read_offer(struct disk *d);
/* Take back what disk_offer() gave: the back end is done with it. */
void disk_take_back(struct disk *d);
/* Take back the pages of a slot. The lock is held. */
void disk_give_pages(struct disk *d, struct slot *s);
/* Event on the ring. */
void disk_event(uint32_t port, void *disk);
void disk_submit(struct block_dev *dev, struct block_req *req);
/* The connection is gone: what was outstanding begins anew when there is another, and what comes waits. Preemption is disabled. */
void disk_pause(struct disk *d);
/* It is connected again. */
void disk_go_on(struct disk *d);
/* Fail what is outstanding and what comes. Any context. */
void disk_stop(struct disk *d);

#endif
