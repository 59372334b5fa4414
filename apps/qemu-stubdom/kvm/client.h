/* SPDX-License-Identifier: BSD-3-Clause */
/* One client of the host, between the tunnel to scripts/run and a connection to QEMU's monitor. */
#ifndef KVM_CLIENT_H
#define KVM_CLIENT_H

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include "marks.h"
#include "tunnel.h"

struct client {
	int monitor; /* -1 when the connection is over */
	struct marks marks;
	size_t credit; /* bytes of answers that the host has room for */
	bool ending; /* it has sent all that it will */
	bool gone; /* the host has said CLOSE */
	bool closed; /* we have */
	size_t dropped; /* bytes of answers that came after it had gone */
	struct timespec deadline; /* for what is left to do once it is gone */
	uint32_t taken; /* bytes of commands that the monitor has, and the host does not know so yet */
	size_t at, end; /* of @commands: what the monitor does not have yet */
	size_t first, theirs; /* how many of these are MARK_FIRST's, and behind them the client's; the rest is MARK_LAST's */
	char commands[sizeof(MARK_FIRST) + TUNNEL_WINDOW + sizeof(MARK_LAST)];
};

/* Begin: connect to the monitor. Without one the client is closed at once. */
void client_open(struct client *c);
/* Handle a frame from the host. Returns 0, or -1 if the frame breaks the rules. */
int client_receive(struct client *c, const struct tunnel_frame *f);
/* What to poll the monitor for, and how long at most (milliseconds, -1 for ever). */
struct pollfd client_wants(const struct client *c, const struct tunnel *t, int *timeout);
/* Go on as far as possible without waiting. @revents: what poll() reported for the monitor. */
void client_step(struct client *c, struct tunnel *t, short revents);
/* True when both sides have closed: the next client may come. */
bool client_is_over(const struct client *c);

#endif
