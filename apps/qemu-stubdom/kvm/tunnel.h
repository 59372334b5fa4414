/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Framed messages between the image and scripts/run (runlib/tunnel.py) over one virtio-console port. A frame is a header of four bytes, kind,
 * the client's number and the payload's length in little-endian order, and the payload. Neither end sends more data for a client than the other
 * has room for, so the tunnel never stands still, whatever a client does, and a frame behind the data always arrives.
 */
#ifndef KVM_TUNNEL_H
#define KVM_TUNNEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TUNNEL_PAYLOAD_MAX 3072
#define TUNNEL_WINDOW 65536 /* bytes of a client's data that may be on the way without a TUNNEL_TAKEN for them, each way */
#define TUNNEL_CLIENTS 4 /* at a time: numbers from 0 */

enum tunnel_kind {
	TUNNEL_HELLO = 1, /* image: listens from now on; nothing may be sent before; the client's number is 0 */
	TUNNEL_OPEN, /* host: a client has come, with a number that is not in use */
	TUNNEL_DATA, /* payload: its bytes, or bytes for it */
	TUNNEL_TAKEN, /* payload: 32-bit count of bytes that have left the window */
	TUNNEL_EOF, /* host: the client sends nothing more, and still reads */
	TUNNEL_CLOSE, /* the last frame about this client; answered by the same if that was not sent yet */
};

struct tunnel_frame {
	enum tunnel_kind kind;
	unsigned client;
	const char *payload; /* until the next tunnel_receive() */
	size_t length;
};

struct tunnel {
	int fd; /* of the port: raw and non-blocking */
	size_t in_at, in_end, out_at, out_end;
	char in[2 * TUNNEL_PAYLOAD_MAX], out[4 * TUNNEL_PAYLOAD_MAX];
};

/* Read what has arrived. Returns 0, or -1 with errno, EPIPE at the end of the file. */
int tunnel_receive(struct tunnel *t);
/* Take the next whole frame. Returns 1, 0 if there is none, or -1 for a frame that breaks the rules: the tunnel is of no more use. */
int tunnel_next(struct tunnel *t, struct tunnel_frame *f);
/* True if frames with @payload bytes in all, in at most three frames, can be put. */
bool tunnel_has_room(const struct tunnel *t, size_t payload);
/* Queue a frame; the caller has asked for room. @payload may be NULL if @length is 0. */
void tunnel_put(struct tunnel *t, enum tunnel_kind kind, unsigned client, const void *payload, size_t length);
/* True if queued bytes wait for tunnel_send(). */
bool tunnel_is_sending(const struct tunnel *t);
/* Send what the port takes. Returns 0, or -1 with errno. */
int tunnel_send(struct tunnel *t);

/* Little-endian payload of TUNNEL_TAKEN. */
uint32_t tunnel_count(const char payload[4]);

#endif
