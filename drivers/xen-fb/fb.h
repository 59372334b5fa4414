/* SPDX-License-Identifier: BSD-3-Clause */
/* Shared inside drivers/xen-fb. */
#ifndef XEN_FB_FB_H
#define XEN_FB_FB_H

#include <core/log.h>
#include <core/peer_queue.h>
#include <drivers/xen-fb.h>
#include <drivers/xenbus.h>

#include "abi.h"

#define FB_DEPTH 32u
#define FB_PIXEL (FB_DEPTH / 8)

struct fb {
	struct xenbus_dev *bus;
	struct fb_page *page; /* NULL: not started */
	struct spinlock event_lock; /* both queues */
	struct peer_queue in, out; /* in the page */
	size_t size;
	uint32_t port;
	bool connected;
	bool wants_updates, can_resize;
	int period;
	struct log_limit downs; /* as often as the back end likes */
};

/* The one framebuffer; its bus is NULL when there is none. */
extern struct fb fb_device;

/* @width x @height fit into @size bytes. */
bool fb_fits(size_t size, unsigned width, unsigned height);
/*
 * Allocate *@size bytes for the pixels, and list their frames in the directory of @page. If memory is short *@size is
 * reduced, but not below @least. Returns NULL if that fails too.
 */
void *fb_memory_new(struct fb_page *page, size_t *size, size_t least);
/* Begin with the queues of @page, which are empty. */
void fb_start(struct fb *fb, struct fb_page *page);
/* Event of the back end. */
void fb_event(uint32_t port, void *fb);
/* The back end is gone or broke the protocol; @why is logged. Any context. */
void fb_down(struct fb *fb, const char *why);

#endif
