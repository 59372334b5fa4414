/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A display of QEMU on Xen's PV framebuffer: what changes in the console's surface is copied into the memory that the back end shows, and one
 * rectangle around it is told at each refresh.
 */
/* Upstream's headers are not clean by our warnings. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wextra"
#pragma GCC diagnostic ignored "-Wunused-parameter"
#pragma GCC diagnostic ignored "-Wsign-compare"
#include "qemu/osdep.h"
#include "qemu/error-report.h"
#include "qemu/units.h"
#include "pv-display.h"
#pragma GCC diagnostic pop

#include <drivers/xen-fb.h>

#define BYTES_PER_PIXEL 4u
/* For a console whose device does not tell how much video memory it has. */
#define SIZE_DEFAULT (4 * MiB)
/* How much longer the next wait is when nothing changed, and the longest one, in ms. Nobody tells whether a viewer is there. */
#define INTERVAL_STEP 20
#define INTERVAL_MAX 1000

struct box {
	int left, top, right, bottom; /* right and bottom are outside */
};

struct pv_display {
	DisplayChangeListener dcl;
	DisplaySurface *surface;
	void *pixels;
	size_t size;
	unsigned width, height; /* of the picture on the framebuffer */
	unsigned first_width, first_height; /* what it began with */
	pixman_image_t *image; /* the framebuffer */
	bool resize; /* the back end does not know width and height yet */
	bool fixed; /* and will not learn others than the first */
	struct box changed; /* what the back end does not know; empty when right is 0 */
	bool active; /* something changed since the last refresh */
	unsigned interval;
};

static struct pv_display display;

/* Make the picture @width x @height, as far as the memory goes. */
static void set_mode(struct pv_display *d, unsigned width, unsigned height)
{
	width = MIN(width, d->size / BYTES_PER_PIXEL);
	height = MIN(height, d->size / BYTES_PER_PIXEL / width);
	d->resize |= width != d->width || height != d->height;
	d->width = width;
	d->height = height;
	if (d->image)
		pixman_image_unref(d->image);
	d->image = pixman_image_create_bits(PIXMAN_x8r8g8b8, width, height, d->pixels, width * BYTES_PER_PIXEL);
}

static void update(DisplayChangeListener *dcl, int x, int y, int w, int h)
{
	struct pv_display *d = container_of(dcl, struct pv_display, dcl);
	struct box *c = &d->changed;
	int right = MIN(x + w, MIN((int)d->width, surface_width(d->surface)));
	int bottom = MIN(y + h, MIN((int)d->height, surface_height(d->surface)));

	x = MAX(x, 0);
	y = MAX(y, 0);
	if (x >= right || y >= bottom)
		return;
	d->active = true;
	pixman_image_composite(PIXMAN_OP_SRC, d->surface->image, NULL, d->image, x, y, 0, 0, x, y, right - x, bottom - y);
	if (c->right)
		*c = (struct box){ MIN(c->left, x), MIN(c->top, y), MAX(c->right, right), MAX(c->bottom, bottom) };
	else
		*c = (struct box){ x, y, right, bottom };
}

static void show_all(struct pv_display *d)
{
	memset(d->pixels, 0, (size_t)d->width * d->height * BYTES_PER_PIXEL);
	update(&d->dcl, 0, 0, d->width, d->height);
	d->changed = (struct box){ 0, 0, d->width, d->height };
}

static void gfx_switch(DisplayChangeListener *dcl, DisplaySurface *surface)
{
	struct pv_display *d = container_of(dcl, struct pv_display, dcl);

	d->surface = surface;
	if (!d->fixed)
		set_mode(d, surface_width(surface), surface_height(surface));
	show_all(d);
}

/* Tell the back end what it does not know yet; what it cannot take now waits. */
static void tell(struct pv_display *d)
{
	const struct box *c = &d->changed;

	if (d->resize) {
		int ret = xen_fb_resize(d->width, d->height);

		if (ret == -EAGAIN)
			return;
		d->resize = false;
		if (ret) {
			warn_report("PV framebuffer: the back end shows %u x %u pixels, whatever the guest has", d->first_width,
			            d->first_height);
			d->fixed = true;
			set_mode(d, d->first_width, d->first_height);
			d->resize = false;
			show_all(d);
		}
	}
	if (c->right && !xen_fb_update(c->left, c->top, c->right - c->left, c->bottom - c->top))
		d->changed = (struct box){ 0 };
}

static unsigned next_interval(struct pv_display *d)
{
	int period = xen_fb_period();

	d->interval = d->active ? GUI_REFRESH_INTERVAL_DEFAULT : MIN(d->interval + INTERVAL_STEP, INTERVAL_MAX);
	if (!period)
		return GUI_REFRESH_INTERVAL_IDLE;
	return MAX((int)d->interval, MIN(period, INTERVAL_MAX));
}

static void refresh(DisplayChangeListener *dcl)
{
	struct pv_display *d = container_of(dcl, struct pv_display, dcl);

	d->active = false;
	graphic_hw_update(dcl->con);
	tell(d);
	update_displaychangelistener(dcl, next_interval(d));
}

void uk_pv_display_wake(void)
{
	display.interval = GUI_REFRESH_INTERVAL_DEFAULT;
	if (display.pixels)
		update_displaychangelistener(&display.dcl, GUI_REFRESH_INTERVAL_DEFAULT);
}

/* The largest picture that the console's device can make, at 32 bits a pixel. */
static size_t memory_for(QemuConsole *con)
{
	Object *device = con ? object_property_get_link(OBJECT(con), "device", NULL) : NULL;
	uint64_t size = device ? object_property_get_uint(device, "vgamem_mb", NULL) : 0;

	/* Without such a property it is 0, or -1. */
	return size && size <= UINT32_MAX ? MIN(size * MiB, XEN_FB_SIZE_MAX) : SIZE_DEFAULT;
}

void uk_pv_display_start(void)
{
	static const DisplayChangeListenerOps ops = {
		.dpy_name = "pv-display",
		.dpy_refresh = refresh,
		.dpy_gfx_update = update,
		.dpy_gfx_switch = gfx_switch,
	};
	struct pv_display *d = &display;
	QemuConsole *con = qemu_console_lookup_by_index(0);

	uk_pv_input_start(con);
	if (!xen_fb_present())
		return;
	d->size = memory_for(con);
	d->width = d->first_width = qemu_console_get_width(con, 640);
	d->height = d->first_height = qemu_console_get_height(con, 480);
	d->pixels = xen_fb_start(&d->size, d->width, d->height);
	if (!d->pixels) {
		error_report("PV framebuffer: it cannot be used; next: give the stubdomain more memory");
		return;
	}
	d->dcl.con = con;
	d->dcl.ops = &ops;
	register_displaychangelistener(&d->dcl);
}
