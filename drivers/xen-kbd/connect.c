/* SPDX-License-Identifier: BSD-3-Clause */
/* The handshake with the back end, on the bus's thread as its state changes. */
#include <core/alloc.h>
#include <core/errno.h>
#include <core/init.h>
#include <core/log.h>
#include <drivers/xen-grant.h>

#include "kbd.h"

/* Ask for positions, and for such that do not depend on the framebuffer's size if the back end has them. */
static int request(struct kbd *k)
{
	if (!xenbus_backend_u64(k->bus, "feature-abs-pointer", 0))
		return 0;
	int ret = xenbus_printf(k->bus, "request-abs-pointer", "1");

	if (ret || !xenbus_backend_u64(k->bus, "feature-raw-pointer", 0))
		return ret;
	k->scaled = true;
	return xenbus_printf(k->bus, "request-raw-pointer", "1");
}

static int offer(struct kbd *k)
{
	int port = xen_event_alloc_unbound(k->bus->backend_domid);

	if (port < 0)
		return port;
	k->port = port;
	int ret = xen_event_set_handler(port, kbd_event, k);

	if (!ret)
		ret = request(k);
	/* QEMU takes the frame, others the grant. */
	if (!ret)
		ret = xenbus_printf(k->bus, "page-ref", "%lu", xen_frame_of(k->shared->data));
	if (!ret)
		ret = xenbus_printf(k->bus, "page-gref", "%u", k->shared->ref);
	if (!ret)
		ret = xenbus_printf(k->bus, "event-channel", "%d", port);
	return ret ? ret : xenbus_set_state(k->bus, XENBUS_INITIALISED);
}

static void backend_changed(struct xenbus_dev *bus, enum xenbus_state state)
{
	struct kbd *k = bus->priv;

	if (!k->offered && (state == XENBUS_INIT_WAIT || state == XENBUS_INITIALISED || state == XENBUS_CONNECTED)) {
		k->offered = true;
		int ret = offer(k);

		if (ret)
			pr_err("%s: not offered to the back end: errno %d", bus->path, -ret);
	} else if (k->offered && !k->connected && state == XENBUS_CONNECTED) {
		k->connected = true;
		xenbus_set_state(bus, XENBUS_CONNECTED);
	} else if (k->connected && (state == XENBUS_CLOSING || state == XENBUS_CLOSED || state == XENBUS_UNKNOWN)) {
		log_ratelimited(&k->closes, LOG_WARN, "%s: the back end closes", bus->path);
		k->connected = false;
		xenbus_set_state(bus, XENBUS_CLOSED);
	}
}

static int probe(struct xenbus_dev *bus)
{
	struct kbd *k = kzalloc(sizeof(*k));

	if (!k)
		return -ENOMEM;
	k->bus = bus;
	waitq_init(&k->wait);
	int ret = xen_grant_page_new(bus->backend_domid, false, &k->shared);

	if (!ret) {
		kbd_start(k, k->shared->data);
		ret = kbd_add_file(k);
	}
	if (ret) {
		if (k->shared)
			xen_grant_page_end(k->shared, NULL);
		kfree(k);
		return ret;
	}
	bus->priv = k;
	bus->backend_changed = backend_changed;
	return 0;
}

static void lost(struct xenbus_dev *bus)
{
	struct kbd *k = bus->priv;

	k->port = 0;
	k->offered = k->connected = false;
}

/* The handshake begins when the back end shows its state. */
static void again(struct xenbus_dev *bus __unused)
{
}

static int xen_kbd_init(void)
{
	static struct xenbus_class class = { .name = "vkbd", .probe = probe, .lost = lost, .again = again };

	xenbus_probe(&class);
	return 0;
}
INITCALL(INIT_DRIVERS, xen_kbd_init);
