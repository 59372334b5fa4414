/* SPDX-License-Identifier: BSD-3-Clause */
/* Shared inside drivers/xen-console. */
#ifndef XEN_CONSOLE_HVC_H
#define XEN_CONSOLE_HVC_H

#include <core/console.h>
#include <drivers/xenbus.h>
#include <plat/xen_console.h>

struct hvc {
	struct console console;
	struct xen_console *ring; /* console 0 shares it with the boot console */
	struct spinlock input_lock; /* input on its way from the ring to the console */
	bool receiving; /* in the middle of that: the console may call back */
	bool up;
	struct xenbus_dev *bus; /* NULL for console 0 */
	uint32_t ref; /* its grant of the ring's page */
};

/* Make console @number of @h, whose ring is set: /dev/hvc<number>. 0 or -Exxx. */
int hvc_register(struct hvc *h, unsigned number);
/* Take the events of the ring's channel. 0 or -ENOMEM. */
int hvc_listen(struct hvc *h);
/* The other end went away, or broke the protocol: say why, once. Any context. */
void hvc_down(struct hvc *h, const char *why);

#endif
