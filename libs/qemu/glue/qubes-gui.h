/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The agent's side of Qubes OS' GUI protocol for one window that is a whole screen: the bytes of the GUI daemon become events, and what the daemon
 * has to know becomes bytes. Nothing of QEMU and no I/O in here; the caller has the channel. Version 1.0 is announced, as by Qubes OS' own
 * stubdomain: every daemon since then takes it, and does not send its own version.
 *
 * Specification: qubes-gui-protocol.h of QubesOS/qubes-gui-common; the documentation of Qubes OS, "GUI virtualization". Numbers are little endian.
 * One thread at a time.
 */
#ifndef QEMU_GLUE_QUBES_GUI_H
#define QEMU_GLUE_QUBES_GUI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define QUBES_GUI_PORT 6000 /* of the vchan on which the agent listens */
#define QUBES_GUI_PAGE 4096u
/* The largest window that a daemon accepts, in pixels. */
#define QUBES_GUI_WIDTH_MAX 16384u
#define QUBES_GUI_HEIGHT_MAX 6144u
/* Bytes of output that a picture of @pages pages can need at once. */
#define QUBES_GUI_OUT_SIZE(pages) (512 + 4 * (size_t)(pages))

#define QUBES_GUI_KEYMAP_SIZE 32
/* The modifiers of X among a key's or button's @state. */
#define QUBES_GUI_CAPS_LOCK 0x02u
#define QUBES_GUI_NUM_LOCK 0x10u

enum qubes_gui_kind {
	QUBES_GUI_NONE, /* nothing for the caller */
	QUBES_GUI_GREETED, /* the daemon is there, and knows nothing of the picture yet */
	QUBES_GUI_KEY,
	QUBES_GUI_BUTTON,
	QUBES_GUI_MOTION,
	QUBES_GUI_KEYMAP,
	QUBES_GUI_FOCUS,
};

struct qubes_gui_event {
	enum qubes_gui_kind kind;
	bool down; /* KEY, BUTTON: pressed; FOCUS: gained */
	unsigned code; /* KEY: X's keycode, 8 to 255; BUTTON: X's, 1 to 9 */
	unsigned state; /* KEY, BUTTON: X's modifiers */
	int x, y; /* MOTION: any numbers, in pixels of the window */
	uint8_t keymap[QUBES_GUI_KEYMAP_SIZE]; /* KEYMAP: a bit for each keycode that is down */
};

struct qubes_gui_place {
	int32_t x, y;
	uint32_t width, height;
};

/* To be touched by the functions below only. */
struct qubes_gui {
	char name[128]; /* the window's title */
	uint8_t held[12 + 32]; /* the begin of a message that is not whole yet */
	size_t held_size;
	uint32_t skip; /* bytes to come that mean nothing here */
	bool greeted;
	uint8_t *out;
	size_t capacity, filled, sent; /* of out */
	unsigned due; /* what is to be said */
	unsigned width, height, pages;
	const uint32_t *refs;
	struct qubes_gui_place place; /* the window, as the daemon told last */
	unsigned objections; /* how often another size than the picture's may still be objected to */
};

/*
 * Begin, without a picture and a daemon. @out, of @capacity bytes, holds what the daemon has not taken yet, and lives as long as @g. @name is copied
 * as far as it fits.
 */
void qubes_gui_init(struct qubes_gui *g, uint8_t *out, size_t capacity, const char *name);

/* A daemon has just connected: all that was known of another one is forgotten. */
void qubes_gui_connected(struct qubes_gui *g);

/*
 * From now on the picture has @width x @height pixels of 32 bits, without gaps, in the pages that the grants @refs[0] to [@pages - 1] are for; @refs is
 * not copied. Returns false, with nothing changed, for a picture that the protocol, the pages or the output buffer cannot hold.
 */
bool qubes_gui_picture(struct qubes_gui *g, unsigned width, unsigned height, const uint32_t *refs, unsigned pages);

/*
 * A rectangle of the picture has changed; it is cut at the picture's edges. Returns false if the daemon has not taken yet what was said before (or is not
 * there): then it has not been noted, and the caller may say it later, in one with others.
 */
bool qubes_gui_update(struct qubes_gui *g, int x, int y, int width, int height);

/*
 * What is to be sent: returns how many bytes are at *@bytes, 0 if none. They stay until qubes_gui_sent() is told how many went.
 */
size_t qubes_gui_output(struct qubes_gui *g, const uint8_t **bytes);
/* The first @count bytes of the output, at most those that it had, are on their way. */
void qubes_gui_sent(struct qubes_gui *g, size_t count);

/*
 * Take bytes of the daemon's, at most one message: returns how many of @size were used, with what they mean in *@event; call it again with the rest. -1:
 * that is not the protocol, and the connection is to be closed.
 */
ssize_t qubes_gui_take(struct qubes_gui *g, const uint8_t *data, size_t size, struct qubes_gui_event *event);

/* Is the bit of @code set in @keymap? @code: 0 to 255. */
static inline bool qubes_gui_is_down(const uint8_t keymap[QUBES_GUI_KEYMAP_SIZE], unsigned code)
{
	return keymap[code / 8] >> code % 8 & 1;
}

/*
 * Compare what is held down here with what the daemon says in @remote: returns the first keycode of @from and those above that has to change here, 256 if
 * none has. A key is released if it is not down there, and pressed only if it is a modifier: others were not meant for this window.
 */
unsigned qubes_gui_next_change(const uint8_t local[QUBES_GUI_KEYMAP_SIZE], const uint8_t remote[QUBES_GUI_KEYMAP_SIZE],
                               unsigned from);

#endif
