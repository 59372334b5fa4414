/* SPDX-License-Identifier: BSD-3-Clause */
/* The shared page of a keyboard (public/io/kbdif.h). Nothing is sent to the back end. */
#ifndef XEN_KBD_ABI_H
#define XEN_KBD_ABI_H

#include <core/base.h>

#define KBD_MOTION 1u
#define KBD_KEY 3u
#define KBD_POSITION 4u

struct kbd_in {
	uint8_t type, pressed, pad[2];
	int32_t args[3]; /* x, y, wheel; or a key code */
	uint8_t unused[24];
};

_Static_assert(sizeof(struct kbd_in) == 40, "Xen's layout");

#define KBD_IN_ENTRIES 51u

struct kbd_page {
	uint32_t in_cons, in_prod, out_cons, out_prod;
	uint8_t pad[1008];
	struct kbd_in in[KBD_IN_ENTRIES];
};

_Static_assert(offsetof(struct kbd_page, in) == 1024 && sizeof(struct kbd_page) <= PAGE_SIZE, "Xen's layout");

#endif
