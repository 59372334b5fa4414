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
#include "qemu/timer.h"
#include "mirror.h"
#include "pv-display.h"
#pragma GCC diagnostic pop

#include <drivers/xen-fb.h>

/* How long the back end may take before one line says that nobody sees the screen. */
#define PATIENCE_MS 30000

struct pv_display {
	DisplayChangeListener dcl;
	struct mirror mirror;
	unsigned first_width, first_height; /* of the picture that it began with */
	bool resize; /* the back end does not know the picture's size yet */
	bool fixed; /* and will not learn others than the first */
	int64_t deadline; /* in ms of QEMU's real time; 0 once the back end was there, or its absence was told */
};

static struct pv_display display;

static void set_mode(struct pv_display *d, unsigned width, unsigned height)
{
	struct mirror *m = &d->mirror;
	unsigned before[] = { m->width, m->height };

	mirror_mode(m, width, height);
	d->resize |= m->width != before[0] || m->height != before[1];
}

static void update(DisplayChangeListener *dcl, int x, int y, int w, int h)
{
	mirror_copy(&container_of(dcl, struct pv_display, dcl)->mirror, x, y, w, h);
}

static void gfx_switch(DisplayChangeListener *dcl, DisplaySurface *surface)
{
	struct pv_display *d = container_of(dcl, struct pv_display, dcl);

	d->mirror.surface = surface;
	if (!d->fixed)
		set_mode(d, surface_width(surface), surface_height(surface));
	mirror_copy_all(&d->mirror);
}

/* Tell the back end what it does not know yet; what it cannot take now waits. */
static void tell(struct pv_display *d)
{
	const struct mirror_box *c = &d->mirror.changed;

	if (d->resize) {
		int ret = xen_fb_resize(d->mirror.width, d->mirror.height);

		if (ret == -EAGAIN)
			return;
		d->resize = false;
		if (ret) {
			warn_report("PV framebuffer: the back end shows %u x %u pixels, whatever the guest has", d->first_width,
			            d->first_height);
			d->fixed = true;
			set_mode(d, d->first_width, d->first_height);
			d->resize = false;
			mirror_copy_all(&d->mirror);
		}
	}
	if (c->right && !xen_fb_update(c->left, c->top, c->right - c->left, c->bottom - c->top))
		d->mirror.changed = (struct mirror_box){ 0 };
}

static unsigned next_interval(struct pv_display *d)
{
	int period = xen_fb_period(), interval = mirror_interval(&d->mirror);

	if (!period)
		return GUI_REFRESH_INTERVAL_IDLE;
	return MAX(interval, MIN(period, MIRROR_INTERVAL_MAX));
}

static void look_for_back_end(struct pv_display *d)
{
	bool connected = xen_fb_connected();

	if (!d->deadline || (!connected && qemu_clock_get_ms(QEMU_CLOCK_REALTIME) < d->deadline))
		return;
	if (!connected)
		warn_report("PV framebuffer: no back end has taken it in %d s, so nobody sees the screen", PATIENCE_MS / 1000);
	d->deadline = 0;
}

static void refresh(DisplayChangeListener *dcl)
{
	struct pv_display *d = container_of(dcl, struct pv_display, dcl);

	look_for_back_end(d);
	graphic_hw_update(dcl->con);
	tell(d);
	update_displaychangelistener(dcl, next_interval(d));
}

void uk_pv_display_wake(void)
{
	display.mirror.interval = GUI_REFRESH_INTERVAL_DEFAULT;
	if (display.mirror.pixels)
		update_displaychangelistener(&display.dcl, GUI_REFRESH_INTERVAL_DEFAULT);
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
	struct mirror *m = &d->mirror;
	QemuConsole *con = qemu_console_lookup_by_index(0);

	uk_pv_input_start(con);
	if (!xen_fb_present())
		return;
	m->size = MIN(mirror_memory(con), XEN_FB_SIZE_MAX);
	m->width = d->first_width = qemu_console_get_width(con, 640);
	m->height = d->first_height = qemu_console_get_height(con, 480);
	m->pixels = xen_fb_start(&m->size, m->width, m->height);
	if (!m->pixels) {
		error_report("PV framebuffer: it cannot be used; next: give the stubdomain more memory");
		return;
	}
	d->deadline = qemu_clock_get_ms(QEMU_CLOCK_REALTIME) + PATIENCE_MS;
	d->dcl.con = con;
	d->dcl.ops = &ops;
	register_displaychangelistener(&d->dcl);
}
