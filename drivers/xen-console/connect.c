/* SPDX-License-Identifier: BSD-3-Clause */
/* Console 0 comes with the domain, the others over xenbus. */
#include <core/alloc.h>
#include <core/errno.h>
#include <core/init.h>
#include <core/log.h>
#include <core/string.h>
#include <drivers/xen-grant.h>

#include "hvc.h"

static void backend_changed(struct xenbus_dev *bus, enum xenbus_state state)
{
	struct hvc *h = bus->priv;

	if (state == XENBUS_CONNECTED)
		xenbus_set_state(bus, XENBUS_CONNECTED);
	else if (h->up && (state == XENBUS_CLOSING || state == XENBUS_CLOSED || state == XENBUS_UNKNOWN)) {
		hvc_down(h, "the back end closes");
		xenbus_set_state(bus, XENBUS_CLOSED);
	}
}

/* The ring takes output at once: there is no need to wait for the back end. */
static int offer(struct hvc *h)
{
	int ref = xen_grant_access(h->bus->backend_domid, h->ring, false);

	if (ref < 0)
		return ref;
	int port = xen_event_alloc_unbound(h->bus->backend_domid);

	if (port < 0)
		return port;
	h->port = port;
	int ret = hvc_register(h, h->bus->id);

	if (!ret)
		ret = xenbus_printf(h->bus, "ring-ref", "%d", ref);
	if (!ret)
		ret = xenbus_printf(h->bus, "port", "%d", port);
	return ret ? ret : xenbus_set_state(h->bus, XENBUS_INITIALISED);
}

static int probe(struct xenbus_dev *bus)
{
	struct hvc *h = kzalloc(sizeof(*h));

	if (!h)
		return -ENOMEM;
	h->bus = bus;
	bus->priv = h;
	bus->backend_changed = backend_changed;
	h->ring = page_alloc_zero();
	return h->ring ? offer(h) : -ENOMEM;
}

/* The ring works without a word, but QEMU from 8.2 on reads nothing from it before it has seen the state of a front end. */
static void tell_first(void)
{
	char *type;

	if (xenstore_read(XST_NONE, "console/type", &type, NULL))
		return;
	if (!strcmp(type, "ioemu"))
		xenstore_printf(XST_NONE, "console/state", "%u", XENBUS_CONNECTED);
	kfree(type);
}

static int xen_console_init(void)
{
	static struct xenbus_class class = { .name = "console", .probe = probe };
	static struct hvc first;
	void *page;

	if (xen_console_ring(&page, &first.port)) {
		first.ring = page;
		int ret = hvc_register(&first, 0);

		if (ret)
			return ret;
		tell_first();
	}
	xenbus_probe(&class);
	return 0;
}
INITCALL(INIT_DRIVERS, xen_console_init);
