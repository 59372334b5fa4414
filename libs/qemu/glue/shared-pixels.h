/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Memory for a picture that another domain may read: whole pages that hold nothing else, cleared, and shared for as long as this domain runs.
 * One thread at a time.
 */
#ifndef QEMU_GLUE_SHARED_PIXELS_H
#define QEMU_GLUE_SHARED_PIXELS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct shared_pixels {
	void *pixels;
	uint32_t *refs; /* a grant for each page that is there */
	unsigned pages, pages_max;
	unsigned domid;
};

/* Reserve addresses for @size bytes that domain @domid shall see, and give none yet. Returns 0, or -Exxx. */
int shared_pixels_reserve(struct shared_pixels *s, unsigned domid, size_t size);
/*
 * Share at least @pages pages, or as many as there can be: see s->pages. Pages stay shared, whether the other domain has them mapped or not, so that they
 * never have to be taken back from one that does not let go. Returns 0, or -Exxx when it is fewer than asked for.
 */
int shared_pixels_grow(struct shared_pixels *s, unsigned pages);

#endif
