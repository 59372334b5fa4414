/* SPDX-License-Identifier: BSD-3-Clause */
/* What we share with the back end, and what it offers. */
#include <core/alloc.h>
#include <core/errno.h>
#include <core/log.h>
#include <core/string.h>

#include "disk.h"

#define PHYSICAL_MAX (1u << 20)

static int make_ring(struct disk *d)
{
	spin_lock(&d->lock);
	if (!d->ring_page) /* else it is that of the connection before a suspension */
		d->ring_page = pool_take(&d->pool);
	if (d->ring_page)
		xen_ring_init(&d->ring, d->ring_page->data, sizeof(union entry));
	spin_unlock(&d->lock);
	return d->ring_page ? 0 : -ENOMEM;
}

static int open_channel(struct disk *d)
{
	int port = xen_event_alloc_unbound(d->bus->backend_domid);

	if (port < 0)
		return port;
	d->port = port;
	return xen_event_set_handler(port, disk_event, d);
}

int disk_offer(struct disk *d)
{
	int ret = make_ring(d);

	if (!ret)
		ret = open_channel(d);
	if (!ret)
		ret = xenbus_printf(d->bus, "ring-ref", "%u", d->ring_page->ref);
	if (!ret)
		ret = xenbus_printf(d->bus, "event-channel", "%u", d->port);
	if (!ret)
		ret = xenbus_printf(d->bus, "protocol", "x86_64-abi");
	if (!ret)
		ret = xenbus_printf(d->bus, "feature-persistent", "1");
	return ret ? ret : xenbus_set_state(d->bus, XENBUS_INITIALISED);
}

/*
 * The pages of the largest request are there from the start: however scarce memory and grants get, a request that is alone can go on, and those
 * that wait for it do not wait for ever. Requests are smaller if there are fewer.
 */
static int reserve(struct disk *d)
{
	unsigned most = d->segments_max, pages = most + (most > SEGMENTS_DIRECT);

	spin_lock(&d->lock);
	unsigned there = pool_reserve(&d->pool, pages);

	spin_unlock(&d->lock);
	if (!there) {
		pr_err("%s: no memory or no grants for its requests", d->block.name);
		return -ENOMEM;
	}
	if (there < pages) {
		d->segments_max = there > SEGMENTS_DIRECT + 1 ? there - 1 : MIN(there, (unsigned)SEGMENTS_DIRECT);
		pr_warn("%s: requests of %u pages, not %u: no memory or no grants for more", d->block.name, d->segments_max,
		        most);
	}
	return 0;
}

static bool is_power_of_two(uint64_t n)
{
	return n && !(n & (n - 1));
}

/* The ring counts in 512 bytes, whatever the size of a sector; buffers of others have no room for a sector larger than a page. */
static bool is_sane(uint64_t sectors, uint64_t sector_size)
{
	return sectors <= INT64_MAX / SECTOR && is_power_of_two(sector_size) && sector_size >= SECTOR &&
	       sector_size <= PAGE_SIZE;
}

/* Only a hint: one that is none is left out. */
static unsigned physical_size(const struct disk *d, unsigned sector_size)
{
	uint64_t size = xenbus_backend_u64(d->bus, "physical-sector-size", sector_size);

	return is_power_of_two(size) && size >= sector_size && size <= PHYSICAL_MAX ? size : sector_size;
}

int disk_read_offer(struct disk *d)
{
	struct block_dev *b = &d->block;
	uint64_t sectors = xenbus_backend_u64(d->bus, "sectors", UINT64_MAX);
	uint64_t sector_size = xenbus_backend_u64(d->bus, "sector-size", SECTOR);
	uint64_t indirect = xenbus_backend_u64(d->bus, "feature-max-indirect-segments", 0);

	if (!is_sane(sectors, sector_size)) {
		pr_err("%s: %lu sectors of %lu bytes: not a disk", d->bus->path, sectors, sector_size);
		return -EINVAL;
	}
	d->segments_max = MAX((unsigned)MIN(indirect, (uint64_t)SEGMENTS_MAX), (unsigned)SEGMENTS_DIRECT);
	if (reserve(d))
		return -ENOMEM;
	b->size = ALIGN_DOWN(sectors * SECTOR, sector_size);
	b->sector_size = sector_size;
	b->physical_sector_size = physical_size(d, sector_size);
	b->max_bytes = d->segments_max * PAGE_SIZE;
	b->read_only = xenbus_backend_u64(d->bus, "info", 0) & INFO_READONLY;
	b->can_flush = xenbus_backend_u64(d->bus, "feature-flush-cache", 0);
	b->can_discard = xenbus_backend_u64(d->bus, "feature-discard", 0);
	b->submit = disk_submit;
	b->priv = d;
	return 0;
}

void disk_take_back(struct disk *d)
{
	if (d->port)
		xen_event_close(d->port);
	d->port = 0;
	spin_lock(&d->lock);
	for (unsigned i = 0; i < ENTRIES; i++)
		disk_give_pages(d, &d->slots[i]);
	if (d->ring_page)
		pool_give(&d->pool, d->ring_page);
	d->ring_page = NULL;
	spin_unlock(&d->lock);
	pool_drain(&d->pool, d->block.name);
}
