/* SPDX-License-Identifier: BSD-3-Clause */
/* The two rings of events. */
#include <core/errno.h>
#include <core/log.h>

#include "fb.h"

#define full_barrier() __atomic_thread_fence(__ATOMIC_SEQ_CST)

void fb_down(struct fb *fb, const char *why)
{
	pr_warn("%s: %s", fb->bus->path, why);
	fb->connected = false;
}

/* Preemption disabled. */
static int push(struct fb *fb, const struct fb_out *event)
{
	struct fb_page *p = fb->page;
	uint32_t used;

	if (!fb->connected)
		return -EAGAIN;
	used = p->out_prod - READ_ONCE(p->out_cons);
	if (used > FB_OUT_ENTRIES) {
		fb_down(fb, "the ring's indices make no sense");
		return -EAGAIN;
	}
	if (used == FB_OUT_ENTRIES)
		return -EAGAIN;
	full_barrier();
	p->out[p->out_prod % FB_OUT_ENTRIES] = *event;
	barrier();
	WRITE_ONCE(p->out_prod, p->out_prod + 1);
	full_barrier();
	xen_event_notify(fb->port);
	return 0;
}

static int send(const struct fb_out *event)
{
	preempt_disable();
	int ret = push(&fb_device, event);

	preempt_enable();
	return ret;
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

void fb_event(uint32_t port __unused, void *arg)
{
	struct fb *fb = arg;
	struct fb_page *p = fb->page;
	uint32_t end = READ_ONCE(p->in_prod), at = p->in_cons;

	if (end - at > FB_IN_ENTRIES) {
		if (fb->connected)
			fb_down(fb, "the ring's indices make no sense");
		return;
	}
	barrier();
	for (; at != end; at++) {
		const struct fb_in *e = &p->in[at % FB_IN_ENTRIES];

		if (READ_ONCE(e->type) == FB_REFRESH_PERIOD)
			WRITE_ONCE(fb->period, (int)MIN(READ_ONCE(e->period), (uint32_t)INT32_MAX));
	}
	full_barrier();
	WRITE_ONCE(p->in_cons, at);
}
