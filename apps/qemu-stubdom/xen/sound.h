/* SPDX-License-Identifier: BSD-3-Clause */
/* The guest's sound for the audio daemon of Qubes OS. */
#ifndef XEN_SOUND_H
#define XEN_SOUND_H

#include <stdio.h>

#ifdef CONFIG_APP_QEMU_STUBDOM_QUBES_AUDIO
/*
 * Take over what follows "-qubes-audio:" of the device model's arguments: audiovm_xid=N; @text is not kept. Without a domain's number there is a
 * line on standard error, and the guest is silent.
 */
void sound_take(const char *text);
/* QEMU has been set up: let its sound be heard, if that was asked for. */
void sound_play(void);
#else
static inline void sound_take(const char *text)
{
	fprintf(stderr, "arguments: -qubes-audio:%s: Qubes OS' audio protocol is not in this image: the guest is silent\n",
	        text);
}

static inline void sound_play(void)
{
}
#endif

#endif
