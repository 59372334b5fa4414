/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A PV console: a page with a byte stream each way (xen/include/public/io/console.h), and an event channel. There is one object for each
 * console, so whoever writes to the first one, the boot console or the driver, works on the same indices under the same lock.
 */
#ifndef PLAT_XEN_CONSOLE_H
#define PLAT_XEN_CONSOLE_H

#include <core/peer_queue.h>
#include <core/sched.h>

struct xen_console {
	struct spinlock lock; /* both streams */
	struct peer_queue in, out;
	uint32_t port;
};

/* Start on @page, which may have been in use before; @port is its event channel. */
void xen_console_open(struct xen_console *c, void *page, uint32_t port);

/* The console that the domain builder made. NULL: there is none. */
struct xen_console *xen_console_first(void);

#endif
