/* SPDX-License-Identifier: BSD-3-Clause */
/* One port of a virtio console: its two queues and the console it shows as. */
#ifndef VIRTIO_CONSOLE_PORT_H
#define VIRTIO_CONSOLE_PORT_H

#include <core/console.h>
#include <core/timer.h>
#include <drivers/virtio.h>

struct port {
	struct console console;
	struct spinlock lock; /* the queues, and what is received and not handed over */
	struct virtq *rx, *tx;
	struct rx_buffer *stalled; /* received, and did not fit into the console's ring yet */
	uint32_t stalled_at, stalled_end;
	unsigned id;
	bool delivering, again; /* deliver() is on its way, and has to look once more */
	struct timer later; /* armed: the host has sent much, and has to wait */
	bool registered, host_open, is_console;
	bool removed; /* by the host: nothing comes or goes */
	bool hangup; /* the host's end has gone; told behind what it sent */
};

/* Set up the queues of port @id of @dev: numbers @rx and @rx + 1. Returns NULL when something runs out. */
struct port *port_create(struct virtio_dev *dev, unsigned id, unsigned rx);
/* Give the device its receive buffers; after virtio_ready(). */
int port_start(struct port *p);
/* The host's end came or went. Any context. */
void port_host_open(struct port *p, bool open);
/* The host took the port away, or the device went (@removed), or it is there again. Any context. */
void port_remove(struct port *p, bool removed);
/* Show it under @name. */
int port_register(struct port *p, const char *name);

#endif
