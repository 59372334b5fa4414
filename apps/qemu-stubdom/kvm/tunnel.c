/* SPDX-License-Identifier: BSD-3-Clause */
#include "tunnel.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#define HEADER 4
#define FRAMES_AT_ONCE 3

int tunnel_receive(struct tunnel *t)
{
	memmove(t->in, t->in + t->in_at, t->in_end - t->in_at);
	t->in_end -= t->in_at;
	t->in_at = 0;
	if (t->in_end == sizeof(t->in))
		return 0; /* a whole frame is in there */

	ssize_t n = read(t->fd, t->in + t->in_end, sizeof(t->in) - t->in_end);

	if (n < 0)
		return errno == EAGAIN || errno == EINTR ? 0 : -1;
	if (!n) {
		errno = EPIPE;
		return -1;
	}
	t->in_end += n;
	return 0;
}

int tunnel_next(struct tunnel *t, struct tunnel_frame *f)
{
	const unsigned char *header = (const unsigned char *)t->in + t->in_at;
	size_t have = t->in_end - t->in_at;

	if (have < HEADER)
		return 0;
	f->kind = header[0];
	f->client = header[1];
	f->payload = t->in + t->in_at + HEADER;
	f->length = header[2] | header[3] << 8;
	if (f->kind < TUNNEL_HELLO || f->kind > TUNNEL_CLOSE || f->client >= TUNNEL_CLIENTS || f->length > TUNNEL_PAYLOAD_MAX)
		return -1;
	if (f->kind == TUNNEL_TAKEN ? f->length != sizeof(uint32_t) : f->kind != TUNNEL_DATA && f->length)
		return -1;
	if (have < HEADER + f->length)
		return 0;
	t->in_at += HEADER + f->length;
	return 1;
}

bool tunnel_has_room(const struct tunnel *t, size_t payload)
{
	return sizeof(t->out) - (t->out_end - t->out_at) >= payload + FRAMES_AT_ONCE * HEADER;
}

void tunnel_put(struct tunnel *t, enum tunnel_kind kind, unsigned client, const void *payload, size_t length)
{
	const char header[HEADER] = { kind, client, length & 0xff, length >> 8 };

	memmove(t->out, t->out + t->out_at, t->out_end - t->out_at);
	t->out_end -= t->out_at;
	t->out_at = 0;
	memcpy(t->out + t->out_end, header, HEADER);
	if (length)
		memcpy(t->out + t->out_end + HEADER, payload, length);
	t->out_end += HEADER + length;
}

bool tunnel_is_sending(const struct tunnel *t)
{
	return t->out_at < t->out_end;
}

int tunnel_send(struct tunnel *t)
{
	ssize_t n = write(t->fd, t->out + t->out_at, t->out_end - t->out_at);

	if (n < 0)
		return errno == EAGAIN || errno == EINTR ? 0 : -1;
	t->out_at += n;
	return 0;
}

uint32_t tunnel_count(const char payload[4])
{
	const unsigned char *p = (const unsigned char *)payload;

	return p[0] | p[1] << 8 | p[2] << 16 | (uint32_t)p[3] << 24;
}
