/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The toolstack's arguments for a device model, made into QEMU's. Some are meant for the scripts of a Linux stubdomain (Qubes OS' own begin with
 * "-qubes-"), some are of an older QEMU, and some ask for what this image does not have.
 */
#ifndef XEN_TRANSLATE_H
#define XEN_TRANSLATE_H

#include <stdbool.h>

#include "vector.h"

/* What the caller has to do for the arguments to hold. */
struct demands {
	int incoming; /* index in the vector of what must become "fd:N", the guest's saved state; 0: none */
	const char *screen; /* the properties of "-display qubes-gui" (screen.h), in one of the words; NULL: not asked for */
	const char *sound; /* the domain that shall hear the guest (sound.h), in one of the words; NULL: none */
	bool card; /* and there is a sound card, whose sound goes nowhere else */
	const char *lease; /* the address of the guest (dhcp.h), in one of the words; NULL: none */
};

/* Is the option @name, with one dash, among @words[0] to [@count - 1], and not as the value of another one? */
bool translate_has(char *const *words, int count, const char *name);

/*
 * Append to @out what QEMU understands of @words[0] to [@count - 1], in their order. What cannot be had is left out, with one line on standard
 * error that names it, and the guest starts without. Returns false, after a message, when out of memory.
 */
bool translate(struct vector *out, char *const *words, int count, struct demands *demands);

#endif
