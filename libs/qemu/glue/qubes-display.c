/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A display of QEMU for Qubes OS' GUI daemon: what changes in the console's surface is copied into pages that the daemon's domain may read, and one
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
#include "system/system.h"
#include "mirror.h"
#include "qubes-display.h"
#include "shared-pixels.h"
#include "vchan-server.h"
#pragma GCC diagnostic pop

#define NAME "qubes-gui"
/* Of the pages' addresses: 4096 x 4096 pixels. Pages are taken for the largest picture that there has been. */
#define SIZE_MAX_SHARED (64 * MiB)
/* A surface has 32 bits for each pixel of the guest's, which may have 8. */
#define SURFACE_PER_MEMORY 4

struct qubes_display {
	DisplayChangeListener dcl;
	struct mirror mirror;
	struct shared_pixels shared;
	struct qubes_gui gui;
	struct vchan_server *server;
	bool short_of_pages; /* and it was said */
};

static struct qubes_display display;

static void update(DisplayChangeListener *dcl, int x, int y, int w, int h)
{
	struct qubes_display *d = container_of(dcl, struct qubes_display, dcl);

	if (d->mirror.width)
		mirror_copy(&d->mirror, x, y, w, h);
}

/* As many pages as a picture takes, or as there can be. */
static void share(struct qubes_display *d, unsigned width, unsigned height)
{
	size_t size = (size_t)width * height * MIRROR_BYTES_PER_PIXEL;
	int ret = shared_pixels_grow(&d->shared, DIV_ROUND_UP(size, QUBES_GUI_PAGE));

	d->mirror.size = (size_t)d->shared.pages * QUBES_GUI_PAGE;
	if (ret && !d->short_of_pages)
		error_report(NAME ": %u x %u pixels need more memory than there is: %s; the screen is cut off", width, height,
		             strerror(-ret));
	d->short_of_pages = ret;
}

static void gfx_switch(DisplayChangeListener *dcl, DisplaySurface *surface)
{
	struct qubes_display *d = container_of(dcl, struct qubes_display, dcl);
	struct mirror *m = &d->mirror;
	unsigned width = MIN(surface_width(surface), QUBES_GUI_WIDTH_MAX),
		 height = MIN(surface_height(surface), QUBES_GUI_HEIGHT_MAX);

	m->surface = surface;
	share(d, width, height);
	if (!m->size)
		return;
	unsigned before[] = { m->width, m->height };

	mirror_mode(m, width, height);
	mirror_copy_all(m);
	if (m->width == before[0] && m->height == before[1])
		return;
	unsigned pages = DIV_ROUND_UP((size_t)m->width * m->height * MIRROR_BYTES_PER_PIXEL, QUBES_GUI_PAGE);

	qubes_gui_picture(&d->gui, m->width, m->height, d->shared.refs, pages);
	vchan_server_kick(d->server);
}

static void refresh(DisplayChangeListener *dcl)
{
	struct qubes_display *d = container_of(dcl, struct qubes_display, dcl);
	const struct mirror_box *c = &d->mirror.changed;

	graphic_hw_update(dcl->con);
	if (c->right && qubes_gui_update(&d->gui, c->left, c->top, c->right - c->left, c->bottom - c->top)) {
		d->mirror.changed = (struct mirror_box){ 0 };
		vchan_server_kick(d->server);
	}
	unsigned interval = mirror_interval(&d->mirror);

	update_displaychangelistener(dcl, vchan_server_is_connected(d->server) ? interval : GUI_REFRESH_INTERVAL_IDLE);
}

/* Look at the console's screen soon and often. */
static void wake(struct qubes_display *d)
{
	d->mirror.interval = GUI_REFRESH_INTERVAL_DEFAULT;
	update_displaychangelistener(&d->dcl, GUI_REFRESH_INTERVAL_DEFAULT);
}

static void connected(void *opaque)
{
	struct qubes_display *d = opaque;

	qubes_gui_connected(&d->gui);
}

static bool take(void *opaque, const uint8_t *data, size_t size)
{
	struct qubes_display *d = opaque;
	struct qubes_gui_event event;

	for (ssize_t n; size; data += n, size -= n) {
		n = qubes_gui_take(&d->gui, data, size, &event);
		if (n < 0)
			return false;
		if (event.kind == QUBES_GUI_GREETED)
			d->mirror.changed = (struct mirror_box){ 0, 0, d->mirror.width, d->mirror.height };
		else
			qubes_input_take(&event);
	}
	wake(d);
	return true;
}

static size_t output(void *opaque, const uint8_t **data)
{
	struct qubes_display *d = opaque;

	return qubes_gui_output(&d->gui, data);
}

static void sent(void *opaque, size_t size)
{
	struct qubes_display *d = opaque;

	qubes_gui_sent(&d->gui, size);
}

static void gone(void *opaque)
{
	(void)opaque;
	qubes_input_release();
}

static bool start(struct qubes_display *d, unsigned domid)
{
	static const struct vchan_ops ops = { connected, take, output, sent, gone };
	size_t size = MIN(mirror_memory(d->dcl.con) * SURFACE_PER_MEMORY, SIZE_MAX_SHARED);
	size_t out_size = QUBES_GUI_OUT_SIZE(size / QUBES_GUI_PAGE);
	uint8_t *out = malloc(out_size);

	if (!out || shared_pixels_reserve(&d->shared, domid, size))
		return false;
	d->mirror.pixels = d->shared.pixels;
	qubes_gui_init(&d->gui, out, out_size, qemu_get_vm_name() ?: "");
	d->server = vchan_server_start(NAME, domid, QUBES_GUI_PORT, &ops, d);
	return true;
}

void uk_qubes_display_start(unsigned domid)
{
	static const DisplayChangeListenerOps ops = {
		.dpy_name = NAME,
		.dpy_refresh = refresh,
		.dpy_gfx_update = update,
		.dpy_gfx_switch = gfx_switch,
	};
	struct qubes_display *d = &display;

	d->dcl.con = qemu_console_lookup_by_index(0);
	if (!d->dcl.con) {
		error_report(NAME ": the guest has no graphics card: there is nothing to show");
		return;
	}
	if (!start(d, domid)) {
		error_report(NAME ": no memory for the screen; next: give the stubdomain more");
		return;
	}
	qubes_input_start(d->dcl.con);
	d->dcl.ops = &ops;
	register_displaychangelistener(&d->dcl);
}
