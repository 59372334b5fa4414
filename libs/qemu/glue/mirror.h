/* SPDX-License-Identifier: BSD-3-Clause */
/* A console's picture, copied into memory that another domain sees. Under QEMU's big lock. */
#ifndef QEMU_GLUE_MIRROR_H
#define QEMU_GLUE_MIRROR_H

#include "ui/console.h"

#define MIRROR_BYTES_PER_PIXEL 4u

struct mirror_box {
	int left, top, right, bottom; /* right and bottom are outside */
};

struct mirror {
	DisplaySurface *surface; /* what is copied */
	void *pixels; /* the copy: x8r8g8b8, lines without gaps */
	size_t size; /* bytes of pixels: what does not fit is cut off */
	unsigned width, height; /* of the copy */
	struct mirror_box
		changed; /* what the other domain does not know; empty when right is 0: the user of the mirror empties it */
	bool active; /* something changed since the last mirror_interval() */
	unsigned interval;
	pixman_image_t *image; /* the copy; NULL before mirror_mode() */
};

/* The copy is @width x @height pixels from now on, as far as the memory goes, which is not empty. */
void mirror_mode(struct mirror *m, unsigned width, unsigned height);
/* Copy this rectangle of the surface; what is outside of either is left out. */
void mirror_copy(struct mirror *m, int x, int y, int width, int height);
/* Clear the copy, and copy all; all has changed. */
void mirror_copy_all(struct mirror *m);
/* How many ms until the surface should be looked at again: the longer nothing has changed the longer, up to MIRROR_INTERVAL_MAX. */
unsigned mirror_interval(struct mirror *m);
#define MIRROR_INTERVAL_MAX 1000

/* The largest picture of 32 bits a pixel that the video memory of @con's device can hold, in bytes; @con may be NULL. */
size_t mirror_memory(QemuConsole *con);

#endif
