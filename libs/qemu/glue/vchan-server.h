/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A vchan server in QEMU's main loop, for one client after the other, as Qubes OS' libvchan has them: the channel's nodes are data/vchan/<client's
 * domain>/<port> and go when a client has come. A client that keeps coming and going, floods the channel or breaks it is served at a bounded rate, and
 * named a bounded number of times. Under QEMU's big lock.
 */
#ifndef QEMU_GLUE_VCHAN_SERVER_H
#define QEMU_GLUE_VCHAN_SERVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What may be NULL: all, but output and sent only together. */
struct vchan_ops {
	void (*connected)(void *opaque);
	/* What the client sent; dropped without this. False: it does not speak the protocol, and the channel is made anew. */
	bool (*take)(void *opaque, const uint8_t *data, size_t size);
	/* What is to be sent to the client, and how much of it went. */
	size_t (*output)(void *opaque, const uint8_t **data);
	void (*sent)(void *opaque, size_t size);
	void (*gone)(void *opaque);
};

struct vchan_server;

/* Serve domain @domid on @port for ever. @name: for messages. Returns NULL without memory. */
struct vchan_server *vchan_server_start(const char *name, unsigned domid, unsigned port, const struct vchan_ops *ops,
                                        void *opaque);
/* There may be output: it goes soon, from the main loop, and the rest of it when the client has made room. No operation is called from in here. */
void vchan_server_kick(struct vchan_server *s);
bool vchan_server_is_connected(const struct vchan_server *s);

#endif
