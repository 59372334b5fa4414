/* SPDX-License-Identifier: BSD-3-Clause */
/* One client of the host, between the tunnel to scripts/run and a connection to a socket of QEMU's. */
#ifndef KVM_CLIENT_H
#define KVM_CLIENT_H

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include "marks.h"
#include "tunnel.h"

/* What clients are connected to. */
struct service {
	const char *name; /* for messages */
	const char *port; /* the host's, a device node */
	const char *socket; /* QEMU's */
	unsigned clients; /* at a time, at most TUNNEL_CLIENTS */
	bool is_monitor; /* QEMU's monitor: its answers have marks (marks.h) */
};

struct client {
	const struct service *service;
	unsigned number; /* in the tunnel */
	int fd; /* of the connection; -1 when that is over */
	struct marks marks; /* for a monitor */
	size_t credit; /* bytes from QEMU that the host has room for */
	bool ending; /* it has sent all that it will */
	bool shut; /* QEMU knows that */
	bool gone; /* the host has said CLOSE */
	bool closed; /* we have */
	size_t dropped; /* bytes from QEMU that came after it had gone */
	struct timespec deadline; /* for what is left to do once it is gone */
	uint32_t taken; /* bytes that QEMU has, and the host does not know so yet */
	size_t at, end; /* of @data: what QEMU does not have yet */
	size_t first, theirs; /* how many of these are MARK_FIRST's, and behind them the client's; the rest is MARK_LAST's */
	char data[sizeof(MARK_FIRST) + TUNNEL_WINDOW + sizeof(MARK_LAST)];
};

/* Begin: connect to the service, which must live on. When that fails the client is closed at once. */
void client_open(struct client *c, const struct service *service, unsigned number);
/* Handle a frame from the host. Returns 0, or -1 if the frame breaks the rules. */
int client_receive(struct client *c, const struct tunnel_frame *f);
/* What to poll the connection for, and how long at most (milliseconds, -1 for ever). */
struct pollfd client_wants(const struct client *c, const struct tunnel *t, int *timeout);
/* Go on as far as possible without waiting. @revents: what poll() reported for the connection. */
void client_step(struct client *c, struct tunnel *t, short revents);
/* True when both sides have closed: the next client may have the number. */
bool client_is_over(const struct client *c);
/* Let go of the connection, if it is still there. */
void client_hang_up(struct client *c);

#endif
