/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The PV framebuffer of this domain, the first of device/vfb: 32 bits a pixel (x8r8g8b8), lines without gaps. Thread
 * context, one caller at a time.
 */
#ifndef DRIVERS_XEN_FB_H
#define DRIVERS_XEN_FB_H

#include <stdbool.h>
#include <stddef.h>

/* The most that xen_fb_start() gives: 1920 x 1200. */
#define XEN_FB_SIZE_MAX (1920ul * 1200 * 4)

/* True if the domain has one. */
bool xen_fb_present(void);

/* True while the back end shows it. It may take any time to begin, and a toolstack may have promised one that never does. */
bool xen_fb_connected(void);

/*
 * Allocate *@size bytes of pixels, rounded up to pages, and offer them to the back end as a picture of @width x @height.
 * The back end maps them once, so they cannot grow later. If memory is short *@size is reduced, but not below that
 * picture. Returns the cleared pixels, which are the driver's and stay; or NULL if there is no framebuffer, it is
 * started already, the picture does not fit into *@size, or memory is out.
 */
void *xen_fb_start(size_t *size, unsigned width, unsigned height);

/*
 * From now on show @width x @height pixels from the start of the memory. Returns 0; -EAGAIN if the back end is not
 * connected or has not taken earlier events; -EOPNOTSUPP if it cannot resize; -EINVAL if they do not fit.
 */
int xen_fb_resize(unsigned width, unsigned height);

/* Announce that these pixels changed. Returns 0, or -EAGAIN as above. */
int xen_fb_update(unsigned x, unsigned y, unsigned width, unsigned height);

/* Returns the refresh period that the back end asked for, in ms; 0 without a viewer; negative before it has asked. */
int xen_fb_period(void);

#endif
