/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The handshake with the back end, on the bus's thread as its state changes. To add or remove a device while connected the back end goes to
 * Reconfiguring and waits for us there, then to Reconfigured and waits for Connected.
 */
#include <core/errno.h>
#include <core/init.h>
#include <core/log.h>

#include "pci.h"

/* The toolstack gives up after 60 s. */
#define HANDSHAKE_PATIENCE (45 * NSEC_PER_SEC)

struct pci_bus pci_bus = { .lock = MUTEX_INIT(pci_bus.lock), .wait = WAITQ_INIT(pci_bus.wait) };

static void set_connected(struct pci_bus *p, bool connected)
{
	WRITE_ONCE(p->connected, connected);
	waitq_wake(&p->wait, ~0u);
}

static void connected(struct pci_bus *p)
{
	p->bus->deadline = 0;
	if (p->bus->told == XENBUS_CONNECTED)
		return;
	set_connected(p, true);
	pci_log_devices(p);
	int ret = xenbus_set_state(p->bus, XENBUS_CONNECTED);

	if (ret)
		pr_err("%s: the back end is not told that it is connected: errno %d", p->bus->path, -ret);
}

static void disconnected(struct pci_bus *p)
{
	if (p->bus->told == XENBUS_CLOSED)
		return;
	pr_warn("%s: the back end closes; its devices are gone", p->bus->path);
	p->bus->deadline = 0;
	set_connected(p, false);
	xenbus_set_state(p->bus, XENBUS_CLOSED);
}

static void backend_changed(struct xenbus_dev *bus, enum xenbus_state state)
{
	struct pci_bus *p = bus->priv;

	if (bus->told == XENBUS_CLOSED)
		return;
	switch (state) {
	case XENBUS_CONNECTED:
	case XENBUS_RECONFIGURED:
		connected(p);
		break;
	case XENBUS_RECONFIGURING:
		if (bus->told == XENBUS_CONNECTED)
			xenbus_set_state(bus, XENBUS_RECONFIGURING);
		break;
	case XENBUS_UNKNOWN:
		if (!p->connected)
			break; /* not there yet */
		__attribute__((fallthrough));
	case XENBUS_CLOSING:
	case XENBUS_CLOSED:
		disconnected(p);
		break;
	default:
		break;
	}
}

static void overdue(struct xenbus_dev *bus)
{
	pr_err("%s: the back end does not connect: %llu s are over", bus->path, HANDSHAKE_PATIENCE / NSEC_PER_SEC);
}

static int offer(struct pci_bus *p)
{
	int ret = xen_event_set_handler(p->port, pci_event, p);

	if (!ret)
		ret = xenbus_printf(p->bus, "pci-op-ref", "%u", p->shared->ref);
	if (!ret)
		ret = xenbus_printf(p->bus, "event-channel", "%u", p->port);
	if (!ret)
		ret = xenbus_printf(p->bus, "magic", PCI_MAGIC);
	return ret ? ret : xenbus_set_state(p->bus, XENBUS_INITIALISED);
}

/* A request that waits ends at once, since nothing is connected any more. */
static void take_back(struct pci_bus *p)
{
	WRITE_ONCE(p->present, false);
	set_connected(p, false);
	mutex_lock(&p->lock);
	if (p->port)
		xen_event_close(p->port);
	xen_grant_page_end(p->shared, NULL);
	p->bus = NULL;
	p->shared = NULL;
	p->port = 0;
	mutex_unlock(&p->lock);
}

static int probe(struct xenbus_dev *bus)
{
	struct pci_bus *p = &pci_bus;
	struct xen_grant_page *shared;

	if (p->bus)
		return -EBUSY;
	int ret = xen_grant_page_new(bus->backend_domid, false, &shared);

	if (ret)
		return ret;
	int port = xen_event_alloc_unbound(bus->backend_domid);

	mutex_lock(&p->lock);
	p->bus = bus;
	p->shared = shared;
	p->port = port > 0 ? (uint32_t)port : 0;
	p->silent = false;
	mutex_unlock(&p->lock);
	ret = port < 0 ? port : offer(p);

	if (ret) {
		take_back(p);
		return ret;
	}
	WRITE_ONCE(p->present, true);
	bus->priv = p;
	bus->backend_changed = backend_changed;
	bus->overdue = overdue;
	bus->deadline = time_monotonic() + HANDSHAKE_PATIENCE;
	return 0;
}

static void remove(struct xenbus_dev *bus)
{
	take_back(bus->priv);
}

/* No toolstack saves a domain that has a device of the host: there is no again(). */
static void lost(struct xenbus_dev *bus)
{
	struct pci_bus *p = bus->priv;

	p->port = 0;
	set_connected(p, false);
}

static int xen_pci_init(void)
{
	static struct xenbus_class class = { .name = "pci", .probe = probe, .remove = remove, .lost = lost };

	xenbus_probe(&class);
	return 0;
}
INITCALL(INIT_DRIVERS, xen_pci_init);
