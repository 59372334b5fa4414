/* SPDX-License-Identifier: BSD-3-Clause */
/* Console 0 comes with the domain, the others over xenbus. */
#include <core/alloc.h>
#include <core/errno.h>
#include <core/init.h>
#include <core/log.h>
#include <core/string.h>
#include <drivers/xen-grant.h>
#include <plat/xen_suspend.h>

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

/* The ring takes output at once: there is no need to wait for the back end. @start is for its new event channel. */
static int offer(struct hvc *h, int (*start)(struct hvc *h))
{
	int port = xen_event_alloc_unbound(h->bus->backend_domid);

	if (port < 0)
		return port;
	h->ring->port = port;
	int ret = start(h);

	if (!ret)
		ret = xenbus_printf(h->bus, "ring-ref", "%u", h->ref);
	if (!ret)
		ret = xenbus_printf(h->bus, "port", "%d", port);
	return ret ? ret : xenbus_set_state(h->bus, XENBUS_INITIALISED);
}

static int start_device(struct hvc *h)
{
	return hvc_register(h, h->bus->id);
}

/* After a suspension: the ring has what it had, and another reader. */
static void again(struct xenbus_dev *bus)
{
	struct hvc *h = bus->priv;
	int ret = h->up ? offer(h, hvc_listen) : 0;

	if (ret)
		hvc_down(h, "not connected again after the suspension");
}

static int probe(struct xenbus_dev *bus)
{
	struct hvc *h = kzalloc(sizeof(*h));
	struct xen_grant_page *page;

	if (h)
		h->ring = kzalloc(sizeof(*h->ring));
	int ret = h && h->ring ? xen_grant_page_new(bus->backend_domid, false, &page) : -ENOMEM;

	if (ret) {
		if (h)
			kfree(h->ring);
		kfree(h);
		return ret;
	}
	xen_console_open(h->ring, page->data, 0);
	h->bus = bus;
	bus->priv = h;
	bus->backend_changed = backend_changed;
	h->ref = page->ref;
	return offer(h, start_device);
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

static struct hvc first;

static void resume(bool cancelled)
{
	if (!cancelled && hvc_listen(&first))
		panic("console: no memory after the suspension");
}

static int xen_console_init(void)
{
	static struct xenbus_class class = { .name = "console", .probe = probe, .again = again };
	static struct xen_suspend_step step = { .layer = XEN_SUSPEND_FILES, .resume = resume };

	first.ring = xen_console_first();
	if (first.ring) {
		int ret = hvc_register(&first, 0);

		if (ret)
			return ret;
		tell_first();
		xen_suspend_add(&step);
	}
	xenbus_probe(&class);
	return 0;
}
INITCALL(INIT_DRIVERS, xen_console_init);
