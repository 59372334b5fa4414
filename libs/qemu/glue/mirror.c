/* SPDX-License-Identifier: BSD-3-Clause */
/* Upstream's headers are not clean by our warnings. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wextra"
#pragma GCC diagnostic ignored "-Wunused-parameter"
#pragma GCC diagnostic ignored "-Wsign-compare"
#include "qemu/osdep.h"
#include "qemu/units.h"
#include "mirror.h"
#pragma GCC diagnostic pop

/* For a console whose device does not tell how much video memory it has. */
#define SIZE_DEFAULT (4 * MiB)
/* How much longer the next wait is when nothing changed, in ms. */
#define INTERVAL_STEP 20

void mirror_mode(struct mirror *m, unsigned width, unsigned height)
{
	width = MIN(width, m->size / MIRROR_BYTES_PER_PIXEL);
	height = MIN(height, m->size / MIRROR_BYTES_PER_PIXEL / width);
	m->width = width;
	m->height = height;
	if (m->image)
		pixman_image_unref(m->image);
	m->image = pixman_image_create_bits(PIXMAN_x8r8g8b8, width, height, m->pixels, width * MIRROR_BYTES_PER_PIXEL);
}

void mirror_copy(struct mirror *m, int x, int y, int width, int height)
{
	struct mirror_box *c = &m->changed;
	int right = MIN(x + width, MIN((int)m->width, surface_width(m->surface)));
	int bottom = MIN(y + height, MIN((int)m->height, surface_height(m->surface)));

	x = MAX(x, 0);
	y = MAX(y, 0);
	if (x >= right || y >= bottom)
		return;
	m->active = true;
	pixman_image_composite(PIXMAN_OP_SRC, m->surface->image, NULL, m->image, x, y, 0, 0, x, y, right - x, bottom - y);
	if (c->right)
		*c = (struct mirror_box){ MIN(c->left, x), MIN(c->top, y), MAX(c->right, right), MAX(c->bottom, bottom) };
	else
		*c = (struct mirror_box){ x, y, right, bottom };
}

void mirror_copy_all(struct mirror *m)
{
	memset(m->pixels, 0, (size_t)m->width * m->height * MIRROR_BYTES_PER_PIXEL);
	mirror_copy(m, 0, 0, m->width, m->height);
	m->changed = (struct mirror_box){ 0, 0, m->width, m->height };
}

unsigned mirror_interval(struct mirror *m)
{
	m->interval = m->active ? GUI_REFRESH_INTERVAL_DEFAULT : MIN(m->interval + INTERVAL_STEP, MIRROR_INTERVAL_MAX);
	m->active = false;
	return m->interval;
}

size_t mirror_memory(QemuConsole *con)
{
	Object *device = con ? object_property_get_link(OBJECT(con), "device", NULL) : NULL;
	uint64_t size = device ? object_property_get_uint(device, "vgamem_mb", NULL) : 0;

	/* Without such a property it is 0, or -1. */
	return size && size <= UINT32_MAX ? size * MiB : SIZE_DEFAULT;
}
