/* SPDX-License-Identifier: BSD-3-Clause */
/* The life of a disk, on the bus's thread: the handshake as the back end's state changes, and the end. */
#include <core/alloc.h>
#include <core/errno.h>
#include <core/init.h>
#include <core/log.h>
#include <core/string.h>
#include <core/timer.h>

#include "disk.h"

#define PATIENCE (30 * NSEC_PER_SEC)

/* Disks whose handshake goes on: the start waits for those that are there then. */
static unsigned pending;
static struct waitq settled = WAITQ_INIT(settled);

static bool is_pending(const struct disk *d)
{
	return d->stage == DISK_WAITING || d->stage == DISK_OFFERED;
}

static void set_stage(struct disk *d, enum disk_stage stage)
{
	bool before = is_pending(d);

	d->stage = stage;
	if (!before || is_pending(d) || d->empty)
		return;
	d->bus->deadline = 0;
	__atomic_sub_fetch(&pending, 1, __ATOMIC_RELAXED);
	waitq_wake(&settled, ~0u);
}

/*
 * QEMU as a back end serves files only: of an empty CD drive, for which libxl writes "aio:" and no name, it makes nothing. The kernel's back end gets
 * an empty file.
 */
static bool is_empty_drive(const struct xenbus_dev *bus)
{
	char *params;

	if (xenbus_backend_read(bus, "params", &params))
		return false;
	size_t len = strlen(params);
	bool empty = !len || params[len - 1] == ':';

	kfree(params);
	return empty;
}

/* Tell the back end that we are done. What it shares stays until the toolstack takes the device away: it may be slow, or broken. */
static void end(struct disk *d)
{
	disk_stop(d);
	set_stage(d, DISK_ENDED);
	xenbus_set_state(d->bus, XENBUS_CLOSED);
}

static void offer(struct disk *d)
{
	int ret = disk_offer(d);

	set_stage(d, DISK_OFFERED);
	if (!ret)
		return;
	pr_err("%s: %s is not offered to its back end: errno %d", d->block.name, d->bus->path, -ret);
	end(d);
}

/* Programs may wait for our state, to find the disk under its name then. */
static void connect(struct disk *d)
{
	if (disk_read_offer(d)) {
		end(d);
		return;
	}
	if (d->registered) {
		disk_go_on(d);
		set_stage(d, DISK_UP);
		xenbus_set_state(d->bus, XENBUS_CONNECTED);
		return;
	}
	d->up = true;
	int ret = block_register(&d->block);

	if (ret) {
		pr_err("%s: %s is not connected: errno %d", d->block.name, d->bus->path, -ret);
		end(d);
		return;
	}
	d->registered = true;
	pr_info("%s: %s, %lu MiB", d->block.name, d->bus->path, d->block.size >> 20);
	set_stage(d, DISK_UP);
	xenbus_set_state(d->bus, XENBUS_CONNECTED);
}

static void backend_closes(struct disk *d)
{
	if (d->empty)
		pr_info("%s: the back end of an empty drive closes", d->block.name);
	else if (is_pending(d))
		pr_err("%s: the back end of %s closes before it is connected", d->block.name, d->bus->path);
	else if (block_in_use(&d->block))
		pr_warn("%s: the back end closes; the disk is gone, and in use", d->block.name);
	else
		pr_info("%s: the back end closes", d->block.name);
	end(d);
}

static void backend_changed(struct xenbus_dev *bus, enum xenbus_state state)
{
	struct disk *d = bus->priv;

	if (d->stage == DISK_ENDED)
		return;
	switch (state) {
	case XENBUS_INIT_WAIT:
	case XENBUS_INITIALISED:
	case XENBUS_CONNECTED:
		if (d->stage == DISK_WAITING)
			offer(d);
		else if (d->stage == DISK_OFFERED && state == XENBUS_CONNECTED)
			connect(d);
		break;
	case XENBUS_UNKNOWN:
		if (d->stage == DISK_WAITING)
			break; /* not there yet */
		__attribute__((fallthrough));
	case XENBUS_CLOSING:
	case XENBUS_CLOSED:
		backend_closes(d);
		break;
	default:
		break;
	}
}

static void overdue(struct xenbus_dev *bus)
{
	struct disk *d = bus->priv;

	pr_err("%s: the back end of %s does not answer: %llu s are over", d->block.name, bus->path, PATIENCE / NSEC_PER_SEC);
	end(d);
}

static void release(struct block_dev *dev)
{
	kfree(dev->priv);
}

static int probe(struct xenbus_dev *bus)
{
	struct disk *d = kzalloc(sizeof(*d));

	if (!d)
		return -ENOMEM;
	if (!disk_name(bus->id, d->block.name, sizeof(d->block.name))) {
		kfree(d);
		return -EINVAL;
	}
	d->bus = bus;
	d->handle = bus->id;
	d->pool.domid = bus->backend_domid;
	d->block.priv = d;
	d->block.release = release;
	list_init(&d->waiting);
	spinlock_init(&d->lock, "xen-blk: the ring, requests and pages of a disk");
	bus->priv = d;
	bus->backend_changed = backend_changed;
	bus->overdue = overdue;
	d->empty = is_empty_drive(bus);
	if (d->empty) {
		pr_info("%s: %s is an empty drive", d->block.name, bus->path);
		return 0;
	}
	bus->deadline = time_monotonic() + PATIENCE;
	__atomic_add_fetch(&pending, 1, __ATOMIC_RELAXED);
	return 0;
}

/* Files may have it open for long: only the structure lives as long as they do. */
static void remove(struct xenbus_dev *bus)
{
	struct disk *d = bus->priv;

	disk_stop(d);
	set_stage(d, DISK_ENDED);
	disk_take_back(d);
	d->bus = NULL;
	if (d->registered)
		block_unregister(&d->block);
	else
		kfree(d);
}

static void lost(struct xenbus_dev *bus)
{
	struct disk *d = bus->priv;

	d->port = 0;
	if (d->up)
		disk_pause(d);
}

static void again(struct xenbus_dev *bus)
{
	struct disk *d = bus->priv;

	if (d->empty || d->stage == DISK_ENDED)
		return;
	if (!is_pending(d))
		__atomic_add_fetch(&pending, 1, __ATOMIC_RELAXED);
	d->stage = DISK_WAITING;
	bus->deadline = time_monotonic() + PATIENCE;
}

static int xen_blk_init(void)
{
	static struct xenbus_class class = { .name = "vbd", .probe = probe, .remove = remove, .lost = lost, .again = again };

	xenbus_probe(&class);
	/* Programs expect their disks to be there; deadlines bound it. */
	wait_event(&settled, !READ_ONCE(pending));
	return 0;
}
INITCALL(INIT_DRIVERS, xen_blk_init);
