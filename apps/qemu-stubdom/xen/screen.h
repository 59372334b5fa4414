/* SPDX-License-Identifier: BSD-3-Clause */
/* The guest's screen for the GUI daemon of Qubes OS. */
#ifndef XEN_SCREEN_H
#define XEN_SCREEN_H

#include <stdio.h>

#ifdef CONFIG_APP_QEMU_STUBDOM_QUBES_GUI
/*
 * Take over what follows "-display qubes-gui" of the device model's arguments: properties, each after a comma, among them domid=N, 0 without. @text
 * is not kept. Without a domain's number there is a line on standard error, and the guest starts without.
 */
void screen_take(const char *text);
/* QEMU has been set up: show its screen, if that was asked for. */
void screen_show(void);
#else
static inline void screen_take(const char *text)
{
	fprintf(stderr,
	        "arguments: -display qubes-gui%s: Qubes OS' GUI protocol is not in this image: no screen in the GUI domain\n",
	        text);
}

static inline void screen_show(void)
{
}
#endif

#endif
