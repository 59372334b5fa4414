/* SPDX-License-Identifier: BSD-3-Clause */
/* Shared inside drivers/xen-kbd. */
#ifndef XEN_KBD_KBD_H
#define XEN_KBD_KBD_H

#include <core/log.h>
#include <core/peer_queue.h>
#include <core/sched.h>
#include <drivers/xen-grant.h>
#include <drivers/xen-kbd.h>
#include <drivers/xenbus.h>

#include "abi.h"

struct kbd {
	struct xenbus_dev *bus;
	struct xen_grant_page *shared;
	struct spinlock in_lock; /* the queue of events */
	struct peer_queue in; /* in the page */
	uint32_t port;
	bool offered, connected, broken;
	bool scaled; /* the back end was asked for positions that do not depend on the framebuffer */
	struct waitq wait; /* for events */
	struct log_limit closes; /* as often as the back end likes */
};

/* Is there an event to take? False when the ring makes no sense, which is logged once. */
bool kbd_pending(struct kbd *k);
/* The next event in *@e. Returns false when there is none, or @k is broken. @k->in_lock is held. */
bool kbd_take(struct kbd *k, struct xen_kbd_event *e);
/* Begin with what is in the page, which is cleared. */
void kbd_start(struct kbd *k, void *page);
/* Event of the back end. */
void kbd_event(uint32_t port, void *kbd);
/* Make /dev/xen/kbd. 0 or -Exxx. */
int kbd_add_file(struct kbd *k);

#endif
