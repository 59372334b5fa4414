/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What a program reads from /dev/xen/kbd, the first of device/vkbd: whole events, as many as fit its buffer (-EINVAL for less than one).
 * Several readers share the events.
 */
#ifndef DRIVERS_XEN_KBD_H
#define DRIVERS_XEN_KBD_H

#include <stdint.h>

enum xen_kbd_type {
	XEN_KBD_KEY, /* a: KEY_* or BTN_* of <linux/input-event-codes.h>; b: pressed */
	XEN_KBD_MOTION, /* a, b: how far to the right, down */
	XEN_KBD_POSITION, /* a, b: x, y in pixels of the framebuffer */
	XEN_KBD_POSITION_SCALED, /* a, b: x, y from 0 to XEN_KBD_SCALE, whatever the framebuffer's size */
};

#define XEN_KBD_SCALE 0x7fff

struct xen_kbd_event {
	uint32_t type; /* XEN_KBD_* */
	int32_t a, b;
	int32_t wheel; /* steps towards the user; not for keys */
};

#endif
