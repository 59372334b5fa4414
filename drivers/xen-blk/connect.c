/* SPDX-License-Identifier: BSD-3-Clause */
/* The handshake with the back end, and its end. */
#include <core/alloc.h>
#include <core/errno.h>
#include <core/init.h>
#include <core/log.h>
#include <core/string.h>
#include <core/timer.h>

#include "disk.h"

#define PATIENCE (30 * NSEC_PER_SEC)

static int make_ring(struct disk *d)
{
	d->ring = page_alloc_zero();
	if (!d->ring)
		return -ENOMEM;
	d->ring->req_event = d->ring->rsp_event = 1;
	int ref = xen_grant_access(d->bus->backend_domid, d->ring, false);

	if (ref < 0)
		return ref;
	int port = xen_event_alloc_unbound(d->bus->backend_domid);

	if (port < 0)
		return port;
	d->port = port;
	int ret = xen_event_set_handler(port, disk_event, d);

	if (!ret)
		ret = xenbus_printf(d->bus, "ring-ref", "%d", ref);
	if (!ret)
		ret = xenbus_printf(d->bus, "event-channel", "%d", port);
	if (!ret)
		ret = xenbus_printf(d->bus, "protocol", "x86_64-abi");
	if (!ret)
		ret = xenbus_printf(d->bus, "feature-persistent", "1");
	return ret ? ret : xenbus_set_state(d->bus, XENBUS_INITIALISED);
}

static int read_offer(struct disk *d)
{
	struct block_dev *b = &d->block;
	uint64_t sectors = xenbus_backend_u64(d->bus, "sectors", UINT64_MAX);
	uint64_t sector_size = xenbus_backend_u64(d->bus, "sector-size", SECTOR);
	uint64_t indirect = xenbus_backend_u64(d->bus, "feature-max-indirect-segments", 0);

	/* The ring counts in 512 bytes, whatever the size of a sector. */
	if (sectors > UINT64_MAX / SECTOR || sector_size < SECTOR || sector_size > PAGE_SIZE ||
	    sector_size & (sector_size - 1)) {
		pr_err("%s: %lu sectors of %lu bytes: not a disk", d->bus->path, sectors, sector_size);
		return -EINVAL;
	}
	d->segments_max = MAX((unsigned)MIN(indirect, (uint64_t)SEGMENTS_MAX), (unsigned)SEGMENTS_DIRECT);
	b->size = sectors * SECTOR;
	b->sector_size = sector_size;
	b->physical_sector_size = MAX(xenbus_backend_u64(d->bus, "physical-sector-size", sector_size), sector_size);
	b->max_bytes = d->segments_max * PAGE_SIZE;
	b->read_only = xenbus_backend_u64(d->bus, "info", 0) & INFO_READONLY;
	b->can_flush = xenbus_backend_u64(d->bus, "feature-flush-cache", 0);
	b->can_discard = xenbus_backend_u64(d->bus, "feature-discard", 0);
	b->submit = disk_submit;
	b->priv = d;
	return 0;
}

int disk_connect(struct disk *d)
{
	uint64_t deadline = time_monotonic() + PATIENCE;
	int ret = xenbus_wait_backend(d->bus, 1u << XENBUS_INIT_WAIT | 1u << XENBUS_INITIALISED | 1u << XENBUS_CONNECTED,
	                              deadline);

	if (ret >= 0)
		ret = make_ring(d);
	if (!ret)
		ret = xenbus_wait_backend(d->bus, 1u << XENBUS_CONNECTED, deadline);
	if (ret >= 0)
		ret = read_offer(d);
	if (ret)
		return ret;
	d->up = true;
	return xenbus_set_state(d->bus, XENBUS_CONNECTED);
}

static void backend_changed(struct xenbus_dev *bus, enum xenbus_state state)
{
	struct disk *d = bus->priv;

	if (!d->up || state == XENBUS_CONNECTED || state == XENBUS_RECONFIGURING || state == XENBUS_RECONFIGURED)
		return;
	disk_down(d, "the back end closes");
	xenbus_set_state(bus, XENBUS_CLOSED);
}

static int probe(struct xenbus_dev *bus)
{
	struct disk *d = kzalloc(sizeof(*d));

	if (!d)
		return -ENOMEM;
	d->bus = bus;
	d->pool.domid = bus->backend_domid;
	list_init(&d->waiting);
	bus->priv = d;
	bus->backend_changed = backend_changed;
	if (!disk_name(bus->id, d->block.name, sizeof(d->block.name))) {
		pr_err("%s: not the number of a whole disk", bus->path);
		kfree(d);
		return -EINVAL;
	}
	/* What the back end may still use stays allocated after a failure. */
	int ret = disk_connect(d);

	if (ret)
		return ret;
	pr_info("%s: %s, %lu MiB", d->block.name, bus->path, d->block.size >> 20);
	return block_register(&d->block);
}

static int xen_blk_start(void)
{
	xenbus_probe("vbd", probe);
	return 0;
}
INITCALL(2, xen_blk_start);
