/* SPDX-License-Identifier: BSD-3-Clause */
/* Qubes OS' GUI protocol: what the daemon says. It decides lengths, numbers and how much it sends: nothing of it is believed. */
#include "qubes-gui.h"

#include <string.h>

#include "qubes-gui-wire.h"

/* What the daemon tells of its screen when it has the agent's version: four numbers without a header, none of interest. */
#define XCONF_SIZE 16u
/* The longest message that means nothing here (a clipboard's contents has 256001 bytes). */
#define SKIP_MAX (1u << 20)
/* X's types of events. */
#define PRESS_KEY 2u
#define PRESS_BUTTON 4u
#define FOCUS_IN 9u
#define KEYCODE_MIN 8u
#define KEYCODE_MAX 255u
#define BUTTON_MAX 9u

static uint32_t number(const uint8_t *p, unsigned index)
{
	p += 4 * index;
	return p[0] | p[1] << 8 | p[2] << 16 | (uint32_t)p[3] << 24;
}

/* The length that a message has; -1: any, and it means nothing here. */
static int body_size(uint32_t type)
{
	switch (type) {
	case MSG_KEYPRESS:
	case MSG_BUTTON:
	case MSG_CONFIGURE:
		return 20;
	case MSG_MOTION:
		return 16;
	case MSG_FOCUS:
		return 12;
	case MSG_KEYMAP_NOTIFY:
		return QUBES_GUI_KEYMAP_SIZE;
	default:
		return -1;
	}
}

/* Bodies of keys and buttons: type, x, y, state, code. */
static void pressed(const uint8_t *body, uint32_t press, struct qubes_gui_event *e)
{
	e->down = number(body, 0) == press;
	e->state = number(body, 3);
	e->code = number(body, 4);
}

static void placed(struct qubes_gui *g, const uint8_t *body)
{
	g->place = (struct qubes_gui_place){ (int32_t)number(body, 0), (int32_t)number(body, 1), number(body, 2),
		                             number(body, 3) };
	g->due |= DUE_PLACE;
}

/* A whole message that means something. */
static void decode(struct qubes_gui *g, uint32_t type, const uint8_t *body, struct qubes_gui_event *e)
{
	switch (type) {
	case MSG_KEYPRESS:
		pressed(body, PRESS_KEY, e);
		e->kind = e->code >= KEYCODE_MIN && e->code <= KEYCODE_MAX ? QUBES_GUI_KEY : QUBES_GUI_NONE;
		break;
	case MSG_BUTTON:
		pressed(body, PRESS_BUTTON, e);
		e->kind = e->code >= 1 && e->code <= BUTTON_MAX ? QUBES_GUI_BUTTON : QUBES_GUI_NONE;
		break;
	case MSG_MOTION:
		*e = (struct qubes_gui_event){ .kind = QUBES_GUI_MOTION,
			                       .x = (int32_t)number(body, 0),
			                       .y = (int32_t)number(body, 1) };
		break;
	case MSG_FOCUS:
		*e = (struct qubes_gui_event){ .kind = QUBES_GUI_FOCUS, .down = number(body, 0) == FOCUS_IN };
		break;
	case MSG_KEYMAP_NOTIFY:
		e->kind = QUBES_GUI_KEYMAP;
		memcpy(e->keymap, body, sizeof(e->keymap));
		break;
	case MSG_CONFIGURE:
		placed(g, body);
		break;
	}
}

/* Collect up to @want bytes of a message. Returns how many of @size were used. */
static size_t hold(struct qubes_gui *g, const uint8_t *data, size_t size, size_t want)
{
	size_t n = want - g->held_size;

	n = n < size ? n : size;
	memcpy(g->held + g->held_size, data, n);
	g->held_size += n;
	return n;
}

static size_t skip(struct qubes_gui *g, size_t size)
{
	size_t n = g->skip < size ? g->skip : size;

	g->skip -= n;
	return n;
}

static ssize_t take_greeting(struct qubes_gui *g, const uint8_t *data, size_t size, struct qubes_gui_event *e)
{
	size_t n = hold(g, data, size, XCONF_SIZE);

	if (g->held_size == XCONF_SIZE) {
		g->held_size = 0;
		g->greeted = true;
		e->kind = QUBES_GUI_GREETED;
	}
	return n;
}

static ssize_t take_message(struct qubes_gui *g, const uint8_t *data, size_t size, struct qubes_gui_event *e)
{
	size_t n = 0;

	if (g->held_size < HEADER_SIZE)
		n = hold(g, data, size, HEADER_SIZE);
	if (g->held_size < HEADER_SIZE)
		return n;
	uint32_t type = number(g->held, 0), window = number(g->held, 1), length = number(g->held, 2);
	int wanted = body_size(type);

	if (wanted < 0 ? length > SKIP_MAX : length != (uint32_t)wanted)
		return -1;
	if (wanted < 0) {
		g->held_size = 0;
		g->skip = length;
		return n + skip(g, size - n);
	}
	n += hold(g, data + n, size - n, HEADER_SIZE + length);
	if (g->held_size < HEADER_SIZE + length)
		return n;
	g->held_size = 0;
	/* The keymap is of no window. */
	if (window == WINDOW || type == MSG_KEYMAP_NOTIFY)
		decode(g, type, g->held + HEADER_SIZE, e);
	return n;
}

ssize_t qubes_gui_take(struct qubes_gui *g, const uint8_t *data, size_t size, struct qubes_gui_event *event)
{
	*event = (struct qubes_gui_event){ .kind = QUBES_GUI_NONE };
	if (!g->greeted)
		return take_greeting(g, data, size, event);
	if (g->skip)
		return skip(g, size);
	return take_message(g, data, size, event);
}

/* Shift, Control, Alt, Super and AltGr, left and right. */
static bool is_modifier(unsigned code)
{
	static const uint8_t codes[] = { 37, 50, 62, 64, 105, 108, 133, 134 };

	return memchr(codes, code, sizeof(codes));
}

unsigned qubes_gui_next_change(const uint8_t local[QUBES_GUI_KEYMAP_SIZE], const uint8_t remote[QUBES_GUI_KEYMAP_SIZE],
                               unsigned from)
{
	for (; from <= KEYCODE_MAX; from++) {
		bool here = qubes_gui_is_down(local, from), there = qubes_gui_is_down(remote, from);

		if (here != there && (here || is_modifier(from)))
			break;
	}
	return from;
}
