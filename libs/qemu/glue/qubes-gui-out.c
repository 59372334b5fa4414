/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Qubes OS' GUI protocol: what is said to the daemon. What is due is noted in bits and made into messages when those before are gone, so that a
 * daemon that takes nothing costs no memory.
 */
#include "qubes-gui.h"

#include <string.h>

#include "qubes-gui-wire.h"

#define VERSION (1u << 16)
#define DUMP_OF_GRANTS 0u
#define DUMP_BITS 24u /* of a pixel that mean something */
/* Hints that the least and the largest size are in the message: PMinSize and PMaxSize of X. */
#define HINT_SIZES 0x30u
#define HINT_NUMBERS 9u
/*
 * Sizes that cross each other on the way are asked for again; a window manager that insists on its own gets its way after some turns.
 */
#define OBJECTIONS_MAX 8u

static void put(struct qubes_gui *g, uint32_t value)
{
	for (unsigned i = 0; i < 4; i++)
		g->out[g->filled++] = value >> 8 * i;
}

static void put_header(struct qubes_gui *g, enum message type, size_t size)
{
	put(g, type);
	put(g, WINDOW);
	put(g, size);
}

static void put_window(struct qubes_gui *g)
{
	put_header(g, MSG_CREATE, 24);
	put(g, 0);
	put(g, 0);
	put(g, g->width);
	put(g, g->height);
	put(g, 0); /* no parent */
	put(g, 0); /* the window manager may place it */
	put_header(g, MSG_MAP, 8);
	put(g, 0); /* of no other window */
	put(g, 0);
	put_header(g, MSG_WMNAME, sizeof(g->name));
	memcpy(g->out + g->filled, g->name, sizeof(g->name));
	g->filled += sizeof(g->name);
}

static void put_place(struct qubes_gui *g, uint32_t width, uint32_t height)
{
	put_header(g, MSG_CONFIGURE, 20);
	put(g, g->place.x);
	put(g, g->place.y);
	put(g, width);
	put(g, height);
	put(g, 0);
}

/*
 * The daemon hears what it said, which is its acknowledgement, and only then of a size that the picture has instead: before the acknowledgement it
 * takes none.
 */
static void answer_place(struct qubes_gui *g)
{
	put_place(g, g->place.width, g->place.height);
	if ((g->place.width == g->width && g->place.height == g->height) || !g->objections)
		return;
	g->objections--;
	put_place(g, g->width, g->height);
}

static void put_picture(struct qubes_gui *g)
{
	put_place(g, g->width, g->height);
	put_header(g, MSG_WINDOW_DUMP, 16 + 4 * (size_t)g->pages);
	put(g, DUMP_OF_GRANTS);
	put(g, g->width);
	put(g, g->height);
	put(g, DUMP_BITS);
	for (unsigned i = 0; i < g->pages; i++)
		put(g, g->refs[i]);
	put_header(g, MSG_WINDOW_HINTS, 4 * HINT_NUMBERS);
	put(g, HINT_SIZES);
	for (unsigned i = 0; i < 2; i++) {
		put(g, g->width);
		put(g, g->height);
	}
	for (unsigned i = 5; i < HINT_NUMBERS; i++)
		put(g, 0);
}

static void fill(struct qubes_gui *g)
{
	if (g->due & DUE_VERSION)
		put(g, VERSION);
	g->due &= ~DUE_VERSION;
	if (!g->greeted || !g->width)
		return;
	if (g->due & DUE_WINDOW)
		put_window(g);
	if (g->due & DUE_PLACE)
		answer_place(g);
	if (g->due & DUE_PICTURE)
		put_picture(g);
	g->due = 0;
}

void qubes_gui_init(struct qubes_gui *g, uint8_t *out, size_t capacity, const char *name)
{
	*g = (struct qubes_gui){ .out = out, .capacity = capacity };
	/* The last byte stays 0. */
	memcpy(g->name, name, strnlen(name, sizeof(g->name) - 1));
}

void qubes_gui_connected(struct qubes_gui *g)
{
	g->held_size = 0;
	g->skip = 0;
	g->greeted = false;
	g->filled = g->sent = 0;
	g->due = DUE_VERSION | DUE_WINDOW | DUE_PICTURE;
	g->place = (struct qubes_gui_place){ 0 };
	g->objections = OBJECTIONS_MAX;
}

bool qubes_gui_picture(struct qubes_gui *g, unsigned width, unsigned height, const uint32_t *refs, unsigned pages)
{
	if (!width || !height || width > QUBES_GUI_WIDTH_MAX || height > QUBES_GUI_HEIGHT_MAX)
		return false;
	if ((size_t)width * height > (size_t)pages * (QUBES_GUI_PAGE / 4) || QUBES_GUI_OUT_SIZE(pages) > g->capacity)
		return false;
	g->width = width;
	g->height = height;
	g->refs = refs;
	g->pages = pages;
	g->objections = OBJECTIONS_MAX;
	g->due |= DUE_PICTURE;
	return true;
}

bool qubes_gui_update(struct qubes_gui *g, int x, int y, int width, int height)
{
	int left = x > 0 ? x : 0, top = y > 0 ? y : 0;
	int64_t right = (int64_t)x + width, bottom = (int64_t)y + height;

	if (!g->greeted || g->due || g->sent < g->filled)
		return false;
	right = right < g->width ? right : g->width;
	bottom = bottom < g->height ? bottom : g->height;
	if (left >= right || top >= bottom)
		return true;
	g->filled = g->sent = 0;
	put_header(g, MSG_SHMIMAGE, 16);
	put(g, left);
	put(g, top);
	put(g, right - left);
	put(g, bottom - top);
	return true;
}

size_t qubes_gui_output(struct qubes_gui *g, const uint8_t **bytes)
{
	if (g->sent == g->filled) {
		g->filled = g->sent = 0;
		fill(g);
	}
	*bytes = g->out + g->sent;
	return g->filled - g->sent;
}

void qubes_gui_sent(struct qubes_gui *g, size_t count)
{
	g->sent += count;
}
