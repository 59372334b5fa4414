/* SPDX-License-Identifier: BSD-3-Clause */
/* The two byte rings of a console. */
#include <core/errno.h>
#include <core/log.h>
#include <core/string.h>

#include "hvc.h"

/* Bytes that the other end has not taken; more than fit when its index makes no sense. */
static uint32_t out_used(const struct hvc *h)
{
	return h->ring->out_prod - READ_ONCE(h->ring->out_cons);
}

static const char senseless[] = "the ring's indices make no sense";

static ssize_t hvc_write(struct console *c, const char *buf, size_t len)
{
	struct hvc *h = c->priv;

	if (!h->up)
		return -EIO;
	preempt_disable(); /* the boot console may write to the same ring */
	uint32_t used = out_used(h), size = sizeof(h->ring->out);
	size_t done = used < size ? MIN(len, size - used) : 0;

	if (used > size)
		hvc_down(h, senseless); /* it would never have room again */

	for (size_t i = 0; i < done; i++)
		h->ring->out[(h->ring->out_prod + i) % size] = buf[i];
	barrier();
	WRITE_ONCE(h->ring->out_prod, h->ring->out_prod + done);
	preempt_enable();
	if (done)
		xen_event_notify(h->port);
	return h->up ? (ssize_t)done : -EIO;
}

static bool hvc_can_write(struct console *c)
{
	const struct hvc *h = c->priv;

	return !h->up || out_used(h) < sizeof(h->ring->out);
}

static bool hvc_drained(struct console *c)
{
	const struct hvc *h = c->priv;

	return !h->up || !out_used(h);
}

static bool hvc_connected(struct console *c)
{
	const struct hvc *h = c->priv;

	return h->up;
}

/* Preemption disabled. */
static void take_input(struct hvc *h)
{
	struct hvc_ring *r = h->ring;
	uint32_t end = READ_ONCE(r->in_prod), at = r->in_cons;

	/* A terminal that reads as input arrives makes room, and calls back into here. */
	if (h->receiving)
		return;
	if (end - at > sizeof(r->in)) {
		hvc_down(h, senseless);
		return;
	}
	barrier();
	h->receiving = true;
	while (at != end) {
		uint32_t from = at % sizeof(r->in);
		size_t n = console_receive(&h->console, r->in + from, MIN(end - at, (uint32_t)sizeof(r->in) - from));

		if (!n)
			break;
		at += n;
	}
	h->receiving = false;
	if (at == r->in_cons)
		return;
	barrier();
	WRITE_ONCE(r->in_cons, at);
	xen_event_notify(h->port);
}

static void hvc_rx_drained(struct console *c)
{
	struct hvc *h = c->priv;

	preempt_disable();
	if (h->up)
		take_input(h);
	preempt_enable();
}

static void event(uint32_t port __unused, void *arg)
{
	struct hvc *h = arg;

	if (!h->up)
		return;
	take_input(h);
	uint32_t used = out_used(h);

	if (used > sizeof(h->ring->out) && h->up)
		hvc_down(h, senseless);
	else if (used < sizeof(h->ring->out))
		console_wake(&h->console);
}

void hvc_down(struct hvc *h, const char *why)
{
	pr_warn("%s: %s", h->console.name, why);
	h->up = false;
	console_wake(&h->console);
}

int hvc_register(struct hvc *h, unsigned number)
{
	h->up = true;
	h->console = (struct console){ .write = hvc_write,
		                       .can_write = hvc_can_write,
		                       .rx_drained = hvc_rx_drained,
		                       .connected = hvc_connected,
		                       .drained = hvc_drained,
		                       .priv = h };
	snprintf(h->console.name, sizeof(h->console.name), "hvc%u", number);
	int ret = console_register(&h->console);

	return ret ? ret : xen_event_set_handler(h->port, event, h);
}
