/* SPDX-License-Identifier: BSD-3-Clause */
/* The two rings of events. */
#include <core/errno.h>
#include <core/log.h>

#include "fb.h"

void fb_start(struct fb *fb, struct fb_page *page)
{
	spinlock_init(&fb->event_lock, "xen-fb: events in the page");
	peer_queue_init(&fb->in, page->in, FB_IN_ENTRIES, sizeof(page->in[0]), &page->in_cons, &page->in_prod);
	peer_queue_init(&fb->out, page->out, FB_OUT_ENTRIES, sizeof(page->out[0]), &page->out_prod, &page->out_cons);
}

void fb_down(struct fb *fb, const char *why)
{
	log_ratelimited(&fb->downs, LOG_WARN, "%s: %s", fb->bus->path, why);
	fb->connected = false;
}

static int send(const struct fb_out *event)
{
	struct fb *fb = &fb_device;

	if (!fb->connected)
		return -EAGAIN;
	spin_lock(&fb->event_lock);
	int n = peer_queue_put(&fb->out, event, 1);

	spin_unlock(&fb->event_lock);
	if (n < 0)
		fb_down(fb, "the ring's indices make no sense");
	if (n <= 0)
		return -EAGAIN;
	xen_event_notify(fb->port);
	return 0;
}

int xen_fb_resize(unsigned width, unsigned height)
{
	struct fb_out e = { .type = FB_RESIZE, .args = { width, height, width * FB_PIXEL, FB_DEPTH, 0 } };

	if (!fb_fits(fb_device.size, width, height))
		return -EINVAL;
	if (!fb_device.connected)
		return -EAGAIN;
	return fb_device.can_resize ? send(&e) : -EOPNOTSUPP;
}

int xen_fb_update(unsigned x, unsigned y, unsigned width, unsigned height)
{
	struct fb_out e = { .type = FB_UPDATE, .args = { x, y, width, height } };

	if (fb_device.connected && !fb_device.wants_updates)
		return 0;
	return send(&e);
}

int xen_fb_period(void)
{
	return READ_ONCE(fb_device.period);
}

/* At most a queue full: the back end may go on filling it. */
void fb_event(uint32_t port __unused, void *arg)
{
	struct fb *fb = arg;
	struct fb_in e;
	int n = 0;

	spin_lock(&fb->event_lock);
	for (unsigned i = 0; i < FB_IN_ENTRIES && (n = peer_queue_peek(&fb->in, &e, 1)) == 1; i++) {
		peer_queue_skip(&fb->in, 1);
		if (e.type == FB_REFRESH_PERIOD)
			WRITE_ONCE(fb->period, (int)MIN(e.period, (uint32_t)INT32_MAX));
	}
	spin_unlock(&fb->event_lock);
	if (n < 0 && fb->connected)
		fb_down(fb, "the ring's indices make no sense");
}
