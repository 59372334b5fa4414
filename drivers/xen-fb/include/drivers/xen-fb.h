/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The PV framebuffer of this domain, the first of device/vfb: 32 bits a pixel (x8r8g8b8), lines without gaps. Thread context, one caller at
 * a time.
 */
#ifndef DRIVERS_XEN_FB_H
#define DRIVERS_XEN_FB_H

#include <stdbool.h>
#include <stddef.h>

/* The most that xen_fb_start() gives: 1920 x 1200. */
#define XEN_FB_SIZE_MAX (1920ul * 1200 * 4)

/* Does the domain have one? */
bool xen_fb_present(void);

/*
 * Make its memory, *@size bytes rounded up to pages, and offer it to the back end with a picture of @width x @height. The back end maps what
 * it is offered once: there is no growing later. If memory is short *@size gets smaller, down to that picture. Returns the cleared pixels,
 * or NULL: there is no framebuffer, it is started already, the picture does not fit, or there is no memory at all.
 */
void *xen_fb_start(size_t *size, unsigned width, unsigned height);

/*
 * Show @width x @height pixels from the start of the memory from now on. Returns 0; -EAGAIN when the back end is not connected or has not
 * taken earlier events: try again later; -EOPNOTSUPP when it cannot; -EINVAL when they do not fit.
 */
int xen_fb_resize(unsigned width, unsigned height);

/* Tell the back end that these pixels changed. Returns 0, or -EAGAIN as above. */
int xen_fb_update(unsigned x, unsigned y, unsigned width, unsigned height);

/* How often, in ms, the back end wants to see changes: 0 when nobody looks, negative when it has not said. */
int xen_fb_period(void);

#endif
