/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The agent's side of Qubes OS' GUI protocol with a daemon that speaks as the protocol's description has it, in pieces of all sizes, and with ones
 * that break it.
 * hosted: it sees what the C library has.
 * sources: libs/qemu/glue/qubes-gui-in.c libs/qemu/glue/qubes-gui-out.c
 */
#include "../../../../libs/qemu/glue/qubes-gui.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PAGES 2u
#define VERSION_1_0 0x10000u

static struct qubes_gui g;
static uint8_t out[QUBES_GUI_OUT_SIZE(PAGES)];
static const uint32_t refs[PAGES] = { 0x11, 0x80000022 };

/* What the agent says is taken off word by word, @step bytes at a time. */
static size_t step = 1;

static void said(void *to, size_t size)
{
	const uint8_t *bytes;

	for (uint8_t *p = to; size;) {
		size_t n = qubes_gui_output(&g, &bytes);

		n = n < step ? n : step;
		n = n < size ? n : size;
		assert(n);
		memcpy(p, bytes, n);
		qubes_gui_sent(&g, n);
		p += n;
		size -= n;
	}
}

static uint32_t word(void)
{
	uint32_t v;

	said(&v, sizeof(v));
	return v;
}

static void expect(const uint32_t *words, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		uint32_t v = word();

		if (v != words[i])
			printf("word %zu: %#x, not %#x\n", i, v, words[i]);
		assert(v == words[i]);
	}
}

#define EXPECT(...) expect((const uint32_t[]){ __VA_ARGS__ }, sizeof((const uint32_t[]){ __VA_ARGS__ }) / sizeof(uint32_t))

static void expect_nothing(void)
{
	const uint8_t *bytes;

	assert(!qubes_gui_output(&g, &bytes));
}

/* The daemon says @words, in pieces. Returns the last event that is one, -1 in its kind when the agent gives up. */
static struct qubes_gui_event say(const uint32_t *words, size_t count)
{
	struct qubes_gui_event e, last = { .kind = QUBES_GUI_NONE };
	uint8_t *copy = malloc(4 * count);
	const uint8_t *at = copy, *end = copy + 4 * count;

	memcpy(copy, words, 4 * count);
	while (at < end) {
		size_t n = (size_t)(end - at) < step ? (size_t)(end - at) : step;
		ssize_t used = qubes_gui_take(&g, at, n, &e);

		if (used < 0) {
			last.kind = -1;
			break;
		}
		assert((size_t)used <= n && used > 0);
		at += used;
		if (e.kind != QUBES_GUI_NONE)
			last = e;
	}
	free(copy);
	return last;
}

#define SAY(...) say((const uint32_t[]){ __VA_ARGS__ }, sizeof((const uint32_t[]){ __VA_ARGS__ }) / sizeof(uint32_t))

static void expect_picture(unsigned x, unsigned y, unsigned w, unsigned h, unsigned pages)
{
	EXPECT(134, 1, 20, x, y, w, h, 0);
	EXPECT(147, 1, 16 + 4 * pages, 0, w, h, 24);
	expect(refs, pages);
	EXPECT(144, 1, 36, 0x30, w, h, w, h, 0, 0, 0, 0);
}

static void greet(void)
{
	char name[128];

	qubes_gui_connected(&g);
	EXPECT(VERSION_1_0);
	expect_nothing();
	assert(SAY(1920, 1080, 24, 8101).kind == QUBES_GUI_GREETED);
	EXPECT(130, 1, 24, 0, 0, 40, 30, 0, 0);
	EXPECT(132, 1, 8, 0, 0);
	EXPECT(141, 1, 128);
	said(name, sizeof(name));
	assert(!strcmp(name, "guest"));
	expect_picture(0, 0, 40, 30, PAGES);
	expect_nothing();
}

static void start(void)
{
	qubes_gui_init(&g, out, sizeof(out), "guest");
	assert(!qubes_gui_update(&g, 0, 0, 1, 1));
	assert(qubes_gui_picture(&g, 40, 30, refs, PAGES));
	expect_nothing();
	greet();
}

static void pictures(void)
{
	start();
	/* What is cut at the edges, and what is outside. */
	assert(qubes_gui_update(&g, -5, -5, 10, 10));
	assert(!qubes_gui_update(&g, 1, 1, 1, 1));
	EXPECT(136, 1, 16, 0, 0, 5, 5);
	assert(qubes_gui_update(&g, 39, 29, 0x7fffffff, 0x7fffffff));
	EXPECT(136, 1, 16, 39, 29, 1, 1);
	assert(qubes_gui_update(&g, 40, 0, 10, 10) && qubes_gui_update(&g, 0, 0, 0, 4) && qubes_gui_update(&g, 0, 0, -4, 4));
	expect_nothing();
	/* Another mode while something is on its way, then what it cannot be. */
	assert(qubes_gui_update(&g, 0, 0, 40, 30));
	assert(word() == 136 && qubes_gui_picture(&g, 20, 20, refs, 1));
	EXPECT(1, 16, 0, 0, 40, 30);
	assert(!qubes_gui_update(&g, 0, 0, 1, 1));
	expect_picture(0, 0, 20, 20, 1);
	assert(!qubes_gui_picture(&g, 1025, 1, refs, 1) && !qubes_gui_picture(&g, 0, 1, refs, 1));
	assert(!qubes_gui_picture(&g, 1, 6145, refs, PAGES) && !qubes_gui_picture(&g, 16385, 1, refs, 100));
	assert(!qubes_gui_picture(&g, 1, 1, refs, PAGES + 1));
	expect_nothing();
}

/* A daemon that has no picture yet, and one that comes after another. */
static void late(void)
{
	qubes_gui_init(&g, out, sizeof(out), "guest");
	qubes_gui_connected(&g);
	EXPECT(VERSION_1_0);
	assert(SAY(1920, 1080, 24, 8101).kind == QUBES_GUI_GREETED);
	expect_nothing();
	assert(qubes_gui_picture(&g, 40, 30, refs, PAGES));
	assert(word() == 130); /* and it is gone */
	SAY(124, 1); /* in the middle of a message too */
	greet();
}

static void places(void)
{
	start();
	/* Moved: acknowledged. */
	assert(SAY(134, 1, 20, 7, -9, 40, 30, 0).kind == QUBES_GUI_NONE);
	EXPECT(134, 1, 20, 7, -9, 40, 30, 0);
	expect_nothing();
	/* Another size: acknowledged, then asked for ours, not for ever. */
	for (int i = 0; i < 8; i++) {
		SAY(134, 1, 20, 7, 9, 50, 60, 0);
		EXPECT(134, 1, 20, 7, 9, 50, 60, 0, 134, 1, 20, 7, 9, 40, 30, 0);
	}
	SAY(134, 1, 20, 7, 9, 50, 60, 0);
	EXPECT(134, 1, 20, 7, 9, 50, 60, 0);
	expect_nothing();
	/* Several before the agent can answer are one. */
	for (int i = 0; i < 1000; i++)
		SAY(134, 1, 20, i, i, 40, 30, 0);
	EXPECT(134, 1, 20, 999, 999, 40, 30, 0);
	expect_nothing();
	/* A new mode with an acknowledgement due: that comes first. */
	SAY(134, 1, 20, 1, 2, 40, 30, 0);
	assert(qubes_gui_picture(&g, 20, 20, refs, 1));
	EXPECT(134, 1, 20, 1, 2, 40, 30, 0, 134, 1, 20, 1, 2, 20, 20, 0);
	expect_picture(1, 2, 20, 20, 1);
}

static void input(void)
{
	struct qubes_gui_event e;

	start();
	e = SAY(124, 1, 20, 2, 5, 6, 0x12, 38);
	assert(e.kind == QUBES_GUI_KEY && e.down && e.code == 38 && e.state == (QUBES_GUI_CAPS_LOCK | QUBES_GUI_NUM_LOCK));
	e = SAY(124, 1, 20, 3, 5, 6, 0, 255);
	assert(e.kind == QUBES_GUI_KEY && !e.down && e.code == 255);
	e = SAY(125, 1, 20, 4, 5, 6, 0, 3);
	assert(e.kind == QUBES_GUI_BUTTON && e.down && e.code == 3);
	e = SAY(126, 1, 16, 39, -29, 0, 0);
	assert(e.kind == QUBES_GUI_MOTION && e.x == 39 && e.y == -29);
	e = SAY(128, 1, 12, 10, 0, 3);
	assert(e.kind == QUBES_GUI_FOCUS && !e.down);
	e = SAY(142, 0, 32, 0, 0x40, 0, 0, 0, 0, 0, 0x80000000);
	assert(e.kind == QUBES_GUI_KEYMAP && qubes_gui_is_down(e.keymap, 38) && qubes_gui_is_down(e.keymap, 255) &&
	       !qubes_gui_is_down(e.keymap, 37));
	/* No such key or button, another window, what means nothing here: dropped, and the next one is understood. */
	assert(SAY(124, 1, 20, 2, 5, 6, 0, 7).kind == QUBES_GUI_NONE &&
	       SAY(124, 1, 20, 2, 5, 6, 0, 256).kind == QUBES_GUI_NONE);
	assert(SAY(125, 1, 20, 4, 5, 6, 0, 0).kind == QUBES_GUI_NONE && SAY(125, 1, 20, 4, 5, 6, 0, 10).kind == QUBES_GUI_NONE);
	assert(SAY(124, 2, 20, 2, 5, 6, 0, 38).kind == QUBES_GUI_NONE);
	assert(SAY(137, 1, 0, 140, 1, 8, 1, 2, 127, 1, 28, 7, 0, 0, 0, 0, 0, 0).kind == QUBES_GUI_NONE);
	assert(SAY(0, 0, 4, 9, 0xffffffff, 0xffffffff, 0).kind == QUBES_GUI_NONE);
	assert(SAY(124, 1, 20, 2, 5, 6, 0, 38).kind == QUBES_GUI_KEY);
	expect_nothing();
}

static void broken(void)
{
	static const uint32_t wrong[][3] = { { 124, 1, 19 },      { 124, 1, 0xffffffff }, { 125, 1, 0 },
		                             { 126, 1, 20 },      { 128, 1, 16 },         { 142, 0, 33 },
		                             { 134, 1, 24 },      { 137, 1, 1048577 },    { 140, 1, 0xffffffff },
		                             { 0, 0, 0x80000000 } };

	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		start();
		assert(say(wrong[i], 3).kind == (enum qubes_gui_kind) - 1);
		greet();
	}
}

static void keymaps(void)
{
	uint8_t local[QUBES_GUI_KEYMAP_SIZE] = { 0 }, remote[QUBES_GUI_KEYMAP_SIZE] = { 0 };

	assert(qubes_gui_next_change(local, remote, 0) == 256);
	local[38 / 8] |= 1 << 38 % 8; /* to be released */
	remote[39 / 8] |= 1 << 39 % 8; /* a letter */
	remote[50 / 8] |= 1 << 50 % 8; /* Shift */
	remote[31] |= 0x80;
	assert(qubes_gui_next_change(local, remote, 0) == 38);
	assert(qubes_gui_next_change(local, remote, 39) == 50);
	assert(qubes_gui_next_change(local, remote, 51) == 256);
	local[31] |= 0x80;
	remote[31] = 0;
	assert(qubes_gui_next_change(local, remote, 51) == 255);
}

int main(void)
{
	for (step = 1; step < 70; step = step * 2 + 1) {
		pictures();
		late();
		places();
		input();
		broken();
	}
	keymaps();
	return 0;
}
