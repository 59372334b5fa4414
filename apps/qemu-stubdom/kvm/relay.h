/* SPDX-License-Identifier: BSD-3-Clause */
/* Clients of the host and a socket of QEMU's: a port of the virtio console at one end, a connection for each client at the other. */
#ifndef KVM_RELAY_H
#define KVM_RELAY_H

#include "client.h"

struct relay;

/*
 * If the host made the port of @service, which must live on, and QEMU's arguments the socket: connect them, on a thread of its own, anew for each
 * client. Returns 0 with *@out set, NULL if there is nothing to connect; or -1 after a message.
 */
int relay_start(const struct service *service, struct relay **out);
/* QEMU has ended and closed its socket: wait for its last words to arrive, for a second at most. */
void relay_finish(struct relay *r);

#endif
