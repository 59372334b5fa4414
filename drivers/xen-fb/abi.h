/* SPDX-License-Identifier: BSD-3-Clause */
/* The shared page of a framebuffer, in the layout of x86_64-abi (public/io/fbif.h). */
#ifndef XEN_FB_ABI_H
#define XEN_FB_ABI_H

#include <core/base.h>

/* Types of events to the back end: x, y, width, height; and width, height, stride, depth, offset. */
#define FB_UPDATE 2u
#define FB_RESIZE 3u
/* From the back end. */
#define FB_REFRESH_PERIOD 1u

#define FB_OUT_ARGS 9

struct fb_out {
	uint8_t type, pad[3];
	int32_t args[FB_OUT_ARGS];
};

struct fb_in {
	uint8_t type, pad[3];
	uint32_t period; /* ms; 0: no refresh needed */
	uint8_t unused[32];
};

_Static_assert(sizeof(struct fb_out) == 40 && sizeof(struct fb_in) == 40, "Xen's layout");

#define FB_IN_ENTRIES 25u
#define FB_OUT_ENTRIES 51u
/* Pages of frame numbers; Xen's structure has more, over which the rings lie. */
#define FB_DIRECTORY 123u
#define FRAMES_PER_PAGE (PAGE_SIZE / sizeof(uint64_t))

struct fb_page {
	uint32_t in_cons, in_prod, out_cons, out_prod;
	int32_t width, height;
	uint32_t line_length, mem_length;
	uint8_t depth, pad[7];
	uint64_t directory[FB_DIRECTORY];
	struct fb_in in[FB_IN_ENTRIES];
	uint8_t in_pad[24];
	struct fb_out out[FB_OUT_ENTRIES];
};

_Static_assert(offsetof(struct fb_page, in) == 1024 && offsetof(struct fb_page, out) == 2048, "Xen's layout");
_Static_assert(sizeof(struct fb_page) <= PAGE_SIZE, "one page");

#endif
