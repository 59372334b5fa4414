/* SPDX-License-Identifier: BSD-3-Clause */
#include "port.h"

#include <abi/poll.h>
#include <core/errno.h>
#include <core/sched.h>
#include <core/string.h>

#define QUEUE_SIZE 32
#define RX_BUFFERS 2
#define RX_SIZE 1024
#define TX_SIZE 2000
#define RX_PAUSE NSEC_PER_MSEC /* after a queue full of buffers at once */

struct rx_buffer {
	char data[RX_SIZE];
};

static void offer(struct port *p, struct rx_buffer *b)
{
	struct virtq_piece piece = { virt_to_phys(b->data), RX_SIZE };

	virtq_add(p->rx, &piece, 0, 1, b);
}

/*
 * Put what is left of the buffer into the ring, without the lock. It may be read from there at once, and then there is room again. Returns whether all
 * went.
 */
static bool hand_over(struct port *p)
{
	bool all = true;

	spin_unlock(&p->lock);
	while (all && p->stalled_at < p->stalled_end) {
		size_t n = console_receive(&p->console, p->stalled->data + p->stalled_at, p->stalled_end - p->stalled_at);

		p->stalled_at += n;
		all = n;
	}
	spin_lock(&p->lock);
	return all;
}

/* A buffer with something to hand over. */
static bool next_buffer(struct port *p)
{
	uint32_t length;

	if (p->stalled)
		return true;
	p->stalled = virtq_take(p->rx, &length);
	p->stalled_at = 0;
	p->stalled_end = p->stalled ? MIN(length, (uint32_t)RX_SIZE) : 0;
	return p->stalled;
}

/*
 * Hand over what arrived, as far as the ring has room: the rest waits, and so does the sender. @delivering makes the buffer ours meanwhile. The host
 * has each buffer again at once, and may have a quick reader here or send nothing in it: after a queue full the rest is for later. Returns false then.
 */
static bool hand_over_all(struct port *p)
{
	unsigned left = QUEUE_SIZE;

	do {
		p->again = false;
		while (left && next_buffer(p) && hand_over(p)) {
			offer(p, p->stalled);
			p->stalled = NULL;
			left--;
		}
	} while (p->again && left);
	return left;
}

/* Under the lock. Returns whether the host's end is gone, and all handed over that it sent. */
static bool deliver_some(struct port *p)
{
	p->delivering = true;
	bool all = hand_over_all(p);

	p->delivering = false;
	virtq_kick(p->rx);
	if (!all)
		timer_set(&p->later, time_monotonic() + RX_PAUSE);
	return all && p->hangup && !p->stalled;
}

/* Any context; without the lock. */
static void deliver(struct port *p)
{
	bool hangup = false;

	spin_lock(&p->lock);
	p->again = true;
	if (!p->delivering && !timer_is_set(&p->later)) {
		hangup = deliver_some(p);
		if (hangup)
			p->hangup = false;
	}
	spin_unlock(&p->lock);
	if (hangup)
		console_hangup(&p->console);
}

static void deliver_later(struct timer *t)
{
	deliver(container_of(t, struct port, later));
}

static void rx_interrupt(void *arg)
{
	struct port *p = arg;

	if (p->registered)
		deliver(p);
}

static void rx_drained(struct console *c)
{
	deliver(c->priv);
}

/* Under the lock. */
static void reap(struct port *p)
{
	uint32_t length;
	void *buffer;

	while ((buffer = virtq_take(p->tx, &length)))
		kfree(buffer);
}

static void tx_interrupt(void *arg)
{
	struct port *p = arg;

	spin_lock(&p->lock);
	reap(p);
	spin_unlock(&p->lock);
	if (p->registered)
		waitq_wake(&p->console.wait, POLLOUT);
}

/*
 * However soon another one comes, the reader hears that this one went. What it sent lies in the receive queue by now; the queues do not tell
 * whether bytes of the next one do too.
 */
void port_host_open(struct port *p, bool open)
{
	if (p->host_open && !open && p->registered) {
		p->hangup = true;
		console_hangup_soon(&p->console);
		deliver(p);
	}
	p->host_open = open;
}

void port_remove(struct port *p, bool removed)
{
	p->removed = removed;
	if (p->registered)
		console_set_lost(&p->console, removed);
}

static bool is_dead(const struct port *p)
{
	return p->removed || virtq_broken(p->tx);
}

/*
 * The host throws away what it gets for a port without a listener. That is right for a console and for a serial line, whose other end may be
 * unplugged; a server's greeting must not be lost, and waits. CLOCAL, which every terminal has until a program takes it off, makes the
 * difference: such a line does not care for its other end (core/console's wants_ends is the opposite).
 */
static bool is_unheard(const struct port *p)
{
	return !p->is_console && !p->host_open && !p->console.wants_ends;
}

static bool port_can_write(struct console *c)
{
	struct port *p = c->priv;

	if (is_dead(p))
		return true; /* an error can be had at once */

	spin_lock(&p->lock);
	reap(p);
	bool listens = p->is_console || !c->wants_ends || (p->host_open && !p->hangup && !console_has_ended(c));
	bool room = is_unheard(p) || (virtq_room(p->tx) && listens);

	spin_unlock(&p->lock);
	return room;
}

static ssize_t port_write(struct console *c, const char *buf, size_t len)
{
	struct port *p = c->priv;
	size_t n = MIN(len, (size_t)TX_SIZE);

	if (is_dead(p))
		return -EIO;
	if (is_unheard(p))
		return (ssize_t)len;
	if (!port_can_write(c))
		return 0;
	char *copy = kmalloc(n);

	if (!copy)
		return -ENOMEM;
	memcpy(copy, buf, n);
	struct virtq_piece piece = { virt_to_phys(copy), n };

	spin_lock(&p->lock);
	int ret = virtq_add(p->tx, &piece, 1, 0, copy);

	virtq_kick(p->tx);
	spin_unlock(&p->lock);
	if (ret) {
		kfree(copy);
		return 0;
	}
	return n;
}

static bool port_drained(struct console *c)
{
	struct port *p = c->priv;

	spin_lock(&p->lock);
	reap(p);
	bool empty = is_dead(p) || virtq_room(p->tx) == virtq_size(p->tx);

	spin_unlock(&p->lock);
	return empty;
}

static bool port_connected(struct console *c)
{
	return ((struct port *)c->priv)->host_open;
}

struct port *port_create(struct virtio_dev *dev, unsigned id, unsigned rx)
{
	struct port *p = kzalloc(sizeof(*p));

	if (!p)
		return NULL;
	spinlock_init(&p->lock, "virtio-console: queues of a port");
	timer_init(&p->later, deliver_later);
	p->id = id;
	p->rx = virtio_queue(dev, rx, QUEUE_SIZE, rx_interrupt, p);
	p->tx = virtio_queue(dev, rx + 1, QUEUE_SIZE, tx_interrupt, p);
	return p->rx && p->tx ? p : NULL;
}

int port_start(struct port *p)
{
	spin_lock(&p->lock);
	for (int i = 0; i < RX_BUFFERS; i++) {
		struct rx_buffer *b = kmalloc(sizeof(*b));

		if (b)
			offer(p, b);
	}
	virtq_kick(p->rx);
	spin_unlock(&p->lock);
	return virtq_room(p->rx) < virtq_size(p->rx) ? 0 : -ENOMEM;
}

int port_register(struct port *p, const char *name)
{
	struct console *c = &p->console;

	strlcpy(c->name, name, sizeof(c->name));
	c->write = port_write;
	c->can_write = port_can_write;
	c->rx_drained = rx_drained;
	c->connected = port_connected;
	c->drained = port_drained;
	c->priv = p;
	int ret = console_register(c);

	if (ret)
		return ret;
	p->registered = true;
	rx_drained(c);
	return 0;
}
