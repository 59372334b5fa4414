/* SPDX-License-Identifier: BSD-3-Clause */
/* The two byte streams of a console. */
#include <core/errno.h>
#include <core/log.h>
#include <core/string.h>

#include "hvc.h"

static const char senseless[] = "the ring's indices make no sense";

/* Bytes for which there is room, or -EPROTO. */
static int room(const struct hvc *h)
{
	return peer_queue_room(&h->ring->out);
}

static ssize_t hvc_write(struct console *c, const char *buf, size_t len)
{
	struct hvc *h = c->priv;

	if (!h->up)
		return -EIO;
	spin_lock(&h->ring->lock);
	int done = peer_queue_put(&h->ring->out, buf, MIN(len, (size_t)INT32_MAX));

	spin_unlock(&h->ring->lock);
	if (done < 0)
		hvc_down(h, senseless); /* it would never have room again */
	else if (done)
		xen_event_notify(h->ring->port);
	return h->up ? done : -EIO;
}

static bool hvc_can_write(struct console *c)
{
	const struct hvc *h = c->priv;

	return !h->up || room(h) > 0;
}

static bool hvc_drained(struct console *c)
{
	const struct hvc *h = c->priv;

	return !h->up || peer_queue_unread(&h->ring->out) <= 0;
}

static bool hvc_connected(struct console *c)
{
	const struct hvc *h = c->priv;

	return h->up;
}

/* Up to @len bytes of the ring to the console. Returns how many it took, or -EPROTO. */
static int hand_on(struct hvc *h, char *chunk, size_t len)
{
	spin_lock(&h->ring->lock);
	int there = peer_queue_peek(&h->ring->in, chunk, len);

	spin_unlock(&h->ring->lock);
	if (there <= 0)
		return there;
	int taken = (int)console_receive(&h->console, chunk, there);

	spin_lock(&h->ring->lock);
	peer_queue_skip(&h->ring->in, taken);
	spin_unlock(&h->ring->lock);
	return taken;
}

/* At most what the ring held when this began: the peer may go on filling it. */
static void take_input(struct hvc *h)
{
	char chunk[128];
	int left = peer_queue_waiting(&h->ring->in), n = left, total = 0;

	for (; left > 0; left -= n, total += n) {
		n = hand_on(h, chunk, MIN((size_t)left, sizeof(chunk)));
		if (n <= 0)
			break;
	}
	if (total)
		xen_event_notify(h->ring->port);
	if (n < 0)
		hvc_down(h, senseless);
}

/* A terminal that reads as input arrives makes room, and calls back into here. */
static void input(struct hvc *h)
{
	if (h->receiving || !h->up)
		return;
	spin_lock(&h->input_lock);
	h->receiving = true;
	take_input(h);
	h->receiving = false;
	spin_unlock(&h->input_lock);
}

static void hvc_rx_drained(struct console *c)
{
	input(c->priv);
}

static void event(uint32_t port __unused, void *arg)
{
	struct hvc *h = arg;

	if (!h->up)
		return;
	input(h);
	int free = room(h);

	if (free < 0)
		hvc_down(h, senseless);
	else if (free)
		console_wake(&h->console);
}

void hvc_down(struct hvc *h, const char *why)
{
	if (!h->up)
		return;
	h->up = false;
	pr_warn("%s: %s", h->console.name, why);
	console_wake(&h->console);
}

int hvc_register(struct hvc *h, unsigned number)
{
	h->up = true;
	spinlock_init(&h->input_lock, "xen-console: input of a console");
	h->console = (struct console){ .write = hvc_write,
		                       .can_write = hvc_can_write,
		                       .rx_drained = hvc_rx_drained,
		                       .connected = hvc_connected,
		                       .drained = hvc_drained,
		                       .priv = h };
	snprintf(h->console.name, sizeof(h->console.name), "hvc%u", number);
	int ret = console_register(&h->console);

	return ret ? ret : hvc_listen(h);
}

int hvc_listen(struct hvc *h)
{
	return xen_event_set_handler(h->ring->port, event, h);
}
