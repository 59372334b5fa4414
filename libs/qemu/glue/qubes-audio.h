/* SPDX-License-Identifier: BSD-3-Clause */
/* The guest's sound for the audio daemon of Qubes OS. Under QEMU's big lock. */
#ifndef QEMU_GLUE_QUBES_AUDIO_H
#define QEMU_GLUE_QUBES_AUDIO_H

/*
 * Send what the machine plays by its default audio device to the audio daemon of domain @domid whenever one is there. To be called once, after qemu_init().
 * What cannot be had is told on standard error, and the machine is silent.
 */
void uk_qubes_audio_start(unsigned domid);

#endif
