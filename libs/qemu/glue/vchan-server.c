/* SPDX-License-Identifier: BSD-3-Clause */
/* Upstream's headers are not clean by our warnings. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wextra"
#pragma GCC diagnostic ignored "-Wunused-parameter"
#pragma GCC diagnostic ignored "-Wsign-compare"
#include "qemu/osdep.h"
#include "qemu/error-report.h"
#include "qemu/main-loop.h"
#include "qemu/timer.h"
#include "vchan-server.h"
#pragma GCC diagnostic pop

#include <libxenvchan.h>
#include <xenstore.h>

/* Bytes of each direction's ring: as Qubes OS' agents ask for. A turn takes at most as much. */
#define RING 4096
/* From one turn to the next, in ms: however often the client asks for one. */
#define PAUSE 2
/* From a lost channel to the next, in ms: at first, and at most if clients do not stay for LASTING ms. */
#define DELAY_MIN 100
#define DELAY_MAX 10000
#define LASTING 3000
/* Complaints about clients, in all. */
#define COMPLAINTS_MAX 10
/* What a client's end of the channel is. */
#define CLIENT_OPEN 1
#define CLIENT_AWAITED 2

struct vchan_server {
	const char *name;
	unsigned domid;
	const struct vchan_ops *ops;
	void *opaque;
	char path[64];
	struct libxenvchan *vchan; /* NULL between two */
	bool connected;
	int64_t since; /* ms */
	QEMUTimer *timer; /* the next turn, or the next channel */
	unsigned delay, complaints;
};

static void complain(struct vchan_server *s, const char *what)
{
	if (s->complaints++ < COMPLAINTS_MAX)
		error_report("%s: domain %u: %s", s->name, s->domid, what);
}

static void woken(void *opaque);

static void watch(struct vchan_server *s, bool on)
{
	qemu_set_fd_handler(libxenvchan_fd_for_select(s->vchan), on ? woken : NULL, NULL, s);
}

static void later(struct vchan_server *s, unsigned ms)
{
	timer_mod(s->timer, qemu_clock_get_ms(QEMU_CLOCK_REALTIME) + ms);
}

static void open_channel(struct vchan_server *s)
{
	s->vchan = libxenvchan_server_init(NULL, s->domid, s->path, RING, RING);
	if (!s->vchan) {
		complain(s, strerror(errno));
		s->delay = DELAY_MAX;
		later(s, s->delay);
		return;
	}
	s->vchan->blocking = 0;
	watch(s, true);
}

static void lose(struct vchan_server *s)
{
	bool was_connected = s->connected;

	watch(s, false);
	libxenvchan_close(s->vchan);
	s->vchan = NULL;
	s->connected = false;
	if (was_connected && qemu_clock_get_ms(QEMU_CLOCK_REALTIME) - s->since >= LASTING)
		s->delay = DELAY_MIN;
	later(s, s->delay);
	s->delay = MIN(s->delay * 2, DELAY_MAX);
	if (was_connected && s->ops->gone)
		s->ops->gone(s->opaque);
}

/* The library takes indices that make no sense for an empty or a full ring. */
static bool is_broken(const struct libxenvchan *v)
{
	const volatile struct ring_shared *in = v->read.shr, *out = v->write.shr;

	return in->prod - in->cons > 1u << v->read.order || out->prod - out->cons > 1u << v->write.order;
}

/* As libvchan: another client that comes now waits for the next channel instead of failing at this one. */
static void remove_nodes(struct vchan_server *s)
{
	struct xs_handle *xs = xs_open(0);

	if (!xs)
		return;
	xs_rm(xs, XBT_NULL, s->path);
	xs_close(xs);
}

/* True if a client is there; false if none is, or the channel is lost. */
static bool is_served(struct vchan_server *s)
{
	int state = libxenvchan_is_open(s->vchan);

	if (is_broken(s->vchan)) {
		complain(s, "the channel's indices make no sense; it is made anew");
		lose(s);
	} else if (state != CLIENT_OPEN && (s->connected || state != CLIENT_AWAITED)) {
		lose(s);
	} else if (state == CLIENT_OPEN && !s->connected) {
		s->connected = true;
		s->since = qemu_clock_get_ms(QEMU_CLOCK_REALTIME);
		remove_nodes(s);
		if (s->ops->connected)
			s->ops->connected(s->opaque);
	}
	return s->connected;
}

/* Returns how much went, -1 when the channel has an error. */
static int send_output(struct vchan_server *s)
{
	const uint8_t *data;
	int sent = 0;

	if (!s->ops->output)
		return 0;
	for (size_t size; (size = s->ops->output(s->opaque, &data)) && sent < RING;) {
		int n = libxenvchan_write(s->vchan, data, size);

		if (n < 0)
			return -1;
		if (!n)
			break;
		s->ops->sent(s->opaque, n);
		sent += n;
	}
	return sent;
}

/* Returns how much came, -1 when it is not the protocol. */
static int take_input(struct vchan_server *s)
{
	uint8_t data[RING];
	int n = libxenvchan_data_ready(s->vchan) > 0 ? libxenvchan_read(s->vchan, data, sizeof(data)) : 0;

	if (n > 0 && s->ops->take && !s->ops->take(s->opaque, data, n))
		return -1;
	return n;
}

/* Returns whether there was something to do: then there may be more, of which no event tells. */
static bool turn(struct vchan_server *s)
{
	if (!is_served(s))
		return false;
	int in = take_input(s), out = send_output(s);

	if (in >= 0 && out >= 0)
		return in || out;
	if (libxenvchan_is_open(s->vchan) == CLIENT_OPEN)
		complain(s, "not the protocol; the channel is made anew");
	lose(s);
	return false;
}

static void woken(void *opaque)
{
	struct vchan_server *s = opaque;

	libxenvchan_wait(s->vchan);
	watch(s, false);
	turn(s);
	if (s->vchan)
		later(s, PAUSE);
}

static void tick(void *opaque)
{
	struct vchan_server *s = opaque;

	if (!s->vchan)
		open_channel(s);
	else if (turn(s))
		later(s, PAUSE);
	else if (s->vchan)
		watch(s, true);
}

void vchan_server_kick(struct vchan_server *s)
{
	if (s->connected)
		timer_mod_anticipate(s->timer, qemu_clock_get_ms(QEMU_CLOCK_REALTIME));
}

bool vchan_server_is_connected(const struct vchan_server *s)
{
	return s->connected;
}

struct vchan_server *vchan_server_start(const char *name, unsigned domid, unsigned port, const struct vchan_ops *ops,
                                        void *opaque)
{
	struct vchan_server *s = g_new0(struct vchan_server, 1);

	*s = (struct vchan_server){ .name = name, .domid = domid, .ops = ops, .opaque = opaque, .delay = DELAY_MIN };
	snprintf(s->path, sizeof(s->path), "data/vchan/%u/%u", domid, port);
	s->timer = timer_new_ms(QEMU_CLOCK_REALTIME, tick, s);
	open_channel(s);
	return s;
}
