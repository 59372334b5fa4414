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
static int offer(struct hvc *h, grant_ref_t ref)
{
	int port = xen_event_alloc_unbound(h->bus->backend_domid);

	if (port < 0)
		return port;
	h->ring->port = port;
	int ret = hvc_register(h, h->bus->id);

	if (!ret)
		ret = xenbus_printf(h->bus, "ring-ref", "%u", ref);
	if (!ret)
		ret = xenbus_printf(h->bus, "port", "%d", port);
	return ret ? ret : xenbus_set_state(h->bus, XENBUS_INITIALISED);
}

static int probe(struct xenbus_dev *bus)
{
	struct hvc *h = kzalloc(sizeof(*h));
	struct xen_grant_page *page = xen_grant_page_new(bus->backend_domid, false);

	if (h)
		h->ring = kzalloc(sizeof(*h->ring));
	if (!h || !page || !h->ring) {
		if (page)
			xen_grant_page_end(page, NULL);
		if (h)
			kfree(h->ring);
		kfree(h);
		return -ENOMEM;
	}
	xen_console_open(h->ring, page->data, 0);
	h->bus = bus;
	bus->priv = h;
	bus->backend_changed = backend_changed;
	return offer(h, page->ref);
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

	first.ring = xen_console_first();
	if (first.ring) {
		int ret = hvc_register(&first, 0);

		if (ret)
			return ret;
		tell_first();
	}
	xenbus_probe(&class);
	return 0;
}
INITCALL(INIT_DRIVERS, xen_console_init);
