/* SPDX-License-Identifier: BSD-3-Clause */
/* Numbers of Qubes OS' GUI protocol that both halves of its agent's side know. */
#ifndef QEMU_GLUE_QUBES_GUI_WIRE_H
#define QEMU_GLUE_QUBES_GUI_WIRE_H

#include <stdint.h>

/* A message: type, window, length of the body; then the body. */
#define HEADER_SIZE 12u
/* The only window. */
#define WINDOW 1u

enum message {
	MSG_KEYPRESS = 124,
	MSG_BUTTON = 125,
	MSG_MOTION = 126,
	MSG_CROSSING = 127,
	MSG_FOCUS = 128,
	MSG_CREATE = 130,
	MSG_MAP = 132,
	MSG_CONFIGURE = 134,
	MSG_SHMIMAGE = 136,
	MSG_CLOSE = 137,
	MSG_WMNAME = 141,
	MSG_KEYMAP_NOTIFY = 142,
	MSG_WINDOW_HINTS = 144,
	MSG_WINDOW_DUMP = 147,
};

/* What is to be said: bits of struct qubes_gui's due. */
enum due {
	DUE_VERSION = 1,
	DUE_WINDOW = 2, /* there is one */
	DUE_PLACE = 4, /* the answer to where the daemon put it */
	DUE_PICTURE = 8, /* its size and pages */
};

#endif
