/* SPDX-License-Identifier: BSD-3-Clause */
#include "client.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../monitor.h"

#define CHUNK 2048
/* A client that goes does not wait for its last commands, keys or the like. They are carried out if that takes no longer than this, nor more output. */
#define LEAVING_S 1
#define LEAVING_BYTES 65536

_Static_assert(CHUNK + MARK_LINE_MAX <= TUNNEL_PAYLOAD_MAX, "what is passed on at once must fit into a frame");

static void add(struct client *c, const char *data, size_t length)
{
	if (c->end + length > sizeof(c->data)) {
		memmove(c->data, c->data + c->at, c->end - c->at);
		c->end -= c->at;
		c->at = 0;
	}
	memcpy(c->data + c->end, data, length);
	c->end += length;
}

void client_hang_up(struct client *c)
{
	if (c->fd >= 0)
		close(c->fd);
	c->fd = -1;
}

void client_open(struct client *c, const struct service *service, unsigned number)
{
	memset(c, 0, sizeof(*c));
	c->service = service;
	c->number = number;
	c->credit = TUNNEL_WINDOW;
	c->fd = local_connect(service->socket);
	if (c->fd < 0) {
		if (errno != ENOENT && errno != ECONNREFUSED) /* QEMU ends */
			fprintf(stderr, "%s: %s: %s\n", service->name, service->socket, strerror(errno));
		return;
	}
	fcntl(c->fd, F_SETFL, O_NONBLOCK);
	if (service->is_monitor)
		add(c, MARK_FIRST, strlen(MARK_FIRST));
	c->first = c->end;
}

static void end_sending(struct client *c)
{
	if (!c->ending && c->service->is_monitor)
		add(c, MARK_LAST, strlen(MARK_LAST));
	c->ending = true;
}

static void leave(struct client *c)
{
	c->gone = true;
	end_sending(c);
	clock_gettime(CLOCK_MONOTONIC, &c->deadline);
	c->deadline.tv_sec += LEAVING_S;
}

static int receive_data(struct client *c, const struct tunnel_frame *f)
{
	if (c->ending || c->theirs + c->taken + f->length > TUNNEL_WINDOW)
		return -1;
	add(c, f->payload, f->length);
	c->theirs += f->length;
	return 0;
}

int client_receive(struct client *c, const struct tunnel_frame *f)
{
	if (c->gone)
		return -1;
	switch (f->kind) {
	case TUNNEL_DATA:
		return receive_data(c, f);
	case TUNNEL_TAKEN:
		if (tunnel_count(f->payload) > TUNNEL_WINDOW - c->credit)
			return -1;
		c->credit += tunnel_count(f->payload);
		return 0;
	case TUNNEL_EOF:
		end_sending(c);
		return 0;
	case TUNNEL_CLOSE:
		leave(c);
		return 0;
	default:
		return -1;
	}
}

static int time_left(const struct client *c)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	long ms = (c->deadline.tv_sec - now.tv_sec) * 1000 + (c->deadline.tv_nsec - now.tv_nsec) / 1000000;

	return ms < 0 ? 0 : ms;
}

/* A piece from QEMU, and the frames that may go with it, have room on their way. */
static bool can_pass(const struct client *c, const struct tunnel *t)
{
	return c->gone || (c->credit >= CHUNK + MARK_LINE_MAX && tunnel_has_room(t, CHUNK + MARK_LINE_MAX + sizeof(uint32_t)));
}

struct pollfd client_wants(const struct client *c, const struct tunnel *t, int *timeout)
{
	short events = (c->at < c->end ? POLLOUT : 0) | (can_pass(c, t) ? POLLIN : 0);

	*timeout = c->gone && c->fd >= 0 ? time_left(c) : -1;
	return (struct pollfd){ events ? c->fd : -1, events, 0 };
}

static size_t min(size_t a, size_t b)
{
	return a < b ? a : b;
}

static void give(struct client *c)
{
	ssize_t n = write(c->fd, c->data + c->at, c->end - c->at);

	if (n < 0) {
		if (errno != EAGAIN && errno != EINTR)
			c->at = c->end; /* it has closed, which is read behind its last words */
		return;
	}
	size_t first = min(n, c->first), theirs = min(n - first, c->theirs);

	c->at += n;
	c->first -= first;
	c->theirs -= theirs;
	c->taken += theirs;
}

static void take(struct client *c, struct tunnel *t)
{
	char data[CHUNK], passed[CHUNK + MARK_LINE_MAX];
	const char *out = data;
	ssize_t n = read(c->fd, data, sizeof(data));

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	size_t length = n > 0 ? n : 0;

	if (c->service->is_monitor) {
		length = marks_pass(&c->marks, data, length, passed);
		out = passed;
	}
	if (c->gone) {
		c->dropped += length;
	} else if (length) {
		tunnel_put(t, TUNNEL_DATA, c->number, out, length);
		c->credit -= length;
	}
	if (n <= 0 || c->marks.state == MARK_AFTER)
		client_hang_up(c);
}

/* Tell the host about what QEMU has taken, in pieces that are worth a frame. */
static void report_taken(struct client *c, struct tunnel *t)
{
	if (c->gone || c->closed || !c->taken || (c->at < c->end && c->taken < TUNNEL_WINDOW / 4) ||
	    !tunnel_has_room(t, sizeof(uint32_t)))
		return;
	const unsigned char count[] = { c->taken, c->taken >> 8, c->taken >> 16, c->taken >> 24 };

	tunnel_put(t, TUNNEL_TAKEN, c->number, count, sizeof(count));
	c->taken = 0;
}

void client_step(struct client *c, struct tunnel *t, short revents)
{
	if (revents & POLLOUT)
		give(c);
	if (c->ending && !c->shut && !c->service->is_monitor && c->at == c->end && c->fd >= 0)
		c->shut = !shutdown(c->fd, SHUT_WR);
	if (revents & ~POLLOUT && can_pass(c, t))
		take(c, t);
	if (c->gone && (c->dropped > LEAVING_BYTES || !time_left(c)))
		client_hang_up(c);
	report_taken(c, t);
	if (c->fd < 0 && !c->closed && tunnel_has_room(t, 0)) {
		tunnel_put(t, TUNNEL_CLOSE, c->number, NULL, 0);
		c->closed = true;
	}
}

bool client_is_over(const struct client *c)
{
	return c->closed && c->gone;
}
