/* SPDX-License-Identifier: BSD-3-Clause */
/* Input from outside to QEMU's input layer: what our keyboards and pointers share. Under QEMU's big lock; the caller syncs. */
#ifndef QEMU_GLUE_INPUT_H
#define QEMU_GLUE_INPUT_H

#include "ui/console.h"

struct input_pointer {
	QemuConsole *con;
	int x, y; /* of the last position, in pixels */
	bool positioned;
};

/* A key by Linux' number (KEY_* of linux/input-event-codes.h); numbers that QEMU does not know are dropped. */
void input_key(QemuConsole *con, unsigned code, bool down);

/*
 * The pointer is at (@x, @y) of @width x @height, or beyond an edge. A guest whose pointer only knows motions gets the way from the last position, in
 * pixels.
 */
void input_position(struct input_pointer *p, int x, int y, int width, int height);
/* The pointer has moved by this many steps. */
void input_motion(const struct input_pointer *p, int x, int y);

#endif
