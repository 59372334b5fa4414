/* SPDX-License-Identifier: BSD-3-Clause */
/* Shared inside drivers/xen-console. */
#ifndef XEN_CONSOLE_HVC_H
#define XEN_CONSOLE_HVC_H

#include <core/console.h>
#include <drivers/xenbus.h>

/* public/io/console.h */
struct hvc_ring {
	char in[1024], out[2048];
	uint32_t in_cons, in_prod, out_cons, out_prod;
};

struct hvc {
	struct console console;
	struct hvc_ring *ring;
	uint32_t port;
	bool up;
	bool receiving; /* in the middle of handing input on */
	struct xenbus_dev *bus; /* NULL for console 0 */
};

/* Make console @number of @h, whose ring and port are set: /dev/hvc<number>. 0 or -Exxx. */
int hvc_register(struct hvc *h, unsigned number);
/* The other end went away, or broke the protocol: say why. Any context. */
void hvc_down(struct hvc *h, const char *why);

#endif
