/* SPDX-License-Identifier: BSD-3-Clause */
/* Shared by the halves of the display that speaks Qubes OS' GUI protocol: screen and input. Under QEMU's big lock. */
#ifndef QEMU_GLUE_QUBES_DISPLAY_H
#define QEMU_GLUE_QUBES_DISPLAY_H

#include "ui/console.h"

#include "qubes-gui.h"

/*
 * Show the machine's first console to the GUI daemon of domain @domid whenever one is there, and take its keyboard and pointer. To be called once, after
 * qemu_init(). What cannot be had is told on standard error, and the machine runs without.
 */
void uk_qubes_display_start(unsigned domid);

/* Take input for @con, from now on. */
void qubes_input_start(QemuConsole *con);
/* The daemon's keyboard or pointer. */
void qubes_input_take(const struct qubes_gui_event *event);
/* The daemon is there no more: nothing stays pressed. */
void qubes_input_release(void);

#endif
