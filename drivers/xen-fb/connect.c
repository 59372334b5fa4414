/* SPDX-License-Identifier: BSD-3-Clause */
/* The handshake with the back end. It begins when a program starts the framebuffer, and goes on by itself. */
#include <core/alloc.h>
#include <core/errno.h>
#include <core/init.h>
#include <core/log.h>

#include "fb.h"

struct fb fb_device = { .period = -1 };

bool xen_fb_present(void)
{
	return fb_device.bus;
}

bool xen_fb_connected(void)
{
	return READ_ONCE(fb_device.connected);
}

static void backend_changed(struct xenbus_dev *bus, enum xenbus_state state)
{
	struct fb *fb = bus->priv;

	if (!READ_ONCE(fb->page))
		return;
	if (state == XENBUS_CONNECTED && !fb->connected) {
		fb->wants_updates = xenbus_backend_u64(bus, "request-update", 0);
		fb->can_resize = xenbus_backend_u64(bus, "feature-resize", 0);
		barrier();
		fb->connected = true;
		xenbus_set_state(bus, XENBUS_CONNECTED);
	} else if (fb->connected && (state == XENBUS_CLOSING || state == XENBUS_CLOSED || state == XENBUS_UNKNOWN)) {
		fb_down(fb, "the back end closes");
		xenbus_set_state(bus, XENBUS_CLOSED);
	}
}

/* The back end may answer at once, so this is the last step. */
static int offer(struct fb *fb, struct fb_page *page)
{
	int port = xen_event_alloc_unbound(fb->bus->backend_domid);

	if (port < 0)
		return port;
	fb->port = port;
	WRITE_ONCE(fb->page, page);
	int ret = xen_event_set_handler(port, fb_event, fb);

	if (!ret)
		ret = xenbus_printf(fb->bus, "page-ref", "%lu", xen_frame_of(page));
	if (!ret)
		ret = xenbus_printf(fb->bus, "event-channel", "%d", port);
	if (!ret)
		ret = xenbus_printf(fb->bus, "protocol", "x86_64-abi");
	if (!ret)
		ret = xenbus_printf(fb->bus, "feature-update", "1");
	return ret ? ret : xenbus_set_state(fb->bus, XENBUS_INITIALISED);
}

void *xen_fb_start(size_t *size, unsigned width, unsigned height)
{
	struct fb *fb = &fb_device;
	size_t most = ALIGN_UP(MIN(*size, XEN_FB_SIZE_MAX), PAGE_SIZE);

	if (!fb->bus || fb->page || !fb_fits(most, width, height))
		return NULL;
	struct fb_page *page = page_alloc_zero();
	void *pixels = page ? fb_memory_new(page, &most, ALIGN_UP((size_t)width * height * FB_PIXEL, PAGE_SIZE)) : NULL;

	if (!pixels) {
		pr_err("%s: no memory for %u x %u pixels", fb->bus->path, width, height);
		if (page)
			page_free(page, 0);
		return NULL;
	}
	page->width = width;
	page->height = height;
	page->line_length = width * FB_PIXEL;
	page->mem_length = most;
	page->depth = FB_DEPTH;
	fb->size = most;
	fb_start(fb, page);
	*size = most;
	/* What the back end may already use stays allocated after a failure. */
	int ret = offer(fb, page);

	if (ret)
		pr_err("%s: not offered to the back end: errno %d", fb->bus->path, -ret);
	return ret ? NULL : pixels;
}

static int probe(struct xenbus_dev *bus)
{
	if (fb_device.bus)
		return -EBUSY;
	fb_device.bus = bus;
	bus->priv = &fb_device;
	bus->backend_changed = backend_changed;
	return 0;
}

/* There is no again(): the lists of the pixels' frames would have to be made anew. */
static void lost(struct xenbus_dev *bus)
{
	struct fb *fb = bus->priv;

	fb->port = 0;
	fb->connected = false;
}

static int xen_fb_init(void)
{
	static struct xenbus_class class = { .name = "vfb", .probe = probe, .lost = lost };

	xenbus_probe(&class);
	return 0;
}
INITCALL(INIT_DRIVERS, xen_fb_init);
