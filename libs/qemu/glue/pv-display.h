/* SPDX-License-Identifier: BSD-3-Clause */
/* Shared by the two halves of the display on Xen's PV framebuffer: screen and input. Under QEMU's big lock. */
#ifndef QEMU_GLUE_PV_DISPLAY_H
#define QEMU_GLUE_PV_DISPLAY_H

#include "ui/console.h"

/*
 * Show the machine's first console on this domain's PV framebuffer and take its PV keyboard's input, if it has them. To be called once, after
 * qemu_init(). A framebuffer that cannot be used is told on standard error, and the machine runs without.
 */
void uk_pv_display_start(void);

/* Somebody is at the keyboard: look at the console's screen soon and often. */
void uk_pv_display_wake(void);

/* Take input for @con, from now on. Returns false when there is no PV keyboard. */
bool uk_pv_input_start(QemuConsole *con);

#endif
