/* SPDX-License-Identifier: BSD-3-Clause */
/* The connection's life, on a thread for each device: connect when the back end is there, and again when it went and came back. */
#include <core/errno.h>
#include <core/log.h>

#include <core/timer.h>

#include "nic.h"

#define RECONNECT_PAUSE NSEC_PER_SEC

/* Is the back end on its way out, or not there? */
static bool gone(enum xenbus_state state)
{
	return state == XENBUS_CLOSING || state == XENBUS_CLOSED || state == XENBUS_UNKNOWN;
}

/* Was the domain suspended since the connection began? */
static bool is_cut(const struct nic *nic)
{
	return READ_ONCE(nic->suspensions) != nic->connected_in;
}

/* Wait for another state of the back end than @old. Returns it; the device may have broken meanwhile. */
static enum xenbus_state next_state(struct nic *nic, enum xenbus_state old)
{
	struct xenbus_dev *dev = nic->dev;

	for (;;) {
		unsigned seen = READ_ONCE(dev->changes);
		enum xenbus_state state = xenbus_backend_state(dev);

		if (state != old || READ_ONCE(nic->broken) || is_cut(nic))
			return state;
		wait_event(&dev->wait, READ_ONCE(dev->changes) != seen || READ_ONCE(nic->broken) || is_cut(nic));
	}
}

static int share_memory(struct nic *nic)
{
	domid_t remote = nic->dev->backend_domid;
	int ret = pool_grant(&nic->rx.shared, 1, remote, false);

	if (!ret)
		ret = pool_grant(nic->rx.pages, RX_SLOTS, remote, false);
	if (!ret)
		ret = pool_grant(&nic->tx.shared, 1, remote, false);
	if (!ret)
		ret = pool_grant(nic->tx.pages, TX_SLOTS, remote, true);
	return ret;
}

static void take_back_memory(struct nic *nic)
{
	pool_release(&nic->rx.shared, 1, &nic->stuck);
	pool_release(nic->rx.pages, RX_SLOTS, &nic->stuck);
	pool_release(&nic->tx.shared, 1, &nic->stuck);
	pool_release(nic->tx.pages, TX_SLOTS, &nic->stuck);
}

static int open_channel(struct nic *nic)
{
	int port = xen_event_alloc_unbound(nic->dev->backend_domid);

	if (port < 0)
		return port;
	int ret = xen_event_set_handler(port, nic_event, nic);

	if (ret) {
		xen_event_close(port);
		return ret;
	}
	nic->port = port;
	return 0;
}

/* A suspension has taken it away already, and its number may be another's. */
static void close_channel(struct nic *nic)
{
	mutex_lock(&nic->handshake);
	if (nic->port)
		xen_event_close(nic->port);
	nic->port = 0;
	mutex_unlock(&nic->handshake);
}

/* Frames of several pieces are welcome; frames beyond the MTU (gso) and missing checksums are not, the latter for IPv6 by default. */
static int describe(struct nic *nic)
{
	const struct {
		const char *node;
		unsigned value;
	} nodes[] = {
		{ "tx-ring-ref", nic->tx.shared.ref },
		{ "rx-ring-ref", nic->rx.shared.ref },
		{ "event-channel", nic->port },
		{ "request-rx-copy", 1 },
		{ "feature-rx-notify", 1 },
		{ "feature-sg", 1 },
		{ "feature-no-csum-offload", 1 },
	};
	int ret = 0;

	for (unsigned i = 0; i < ARRAY_SIZE(nodes) && !ret; i++)
		ret = xenbus_printf(nic->dev, nodes[i].node, "%u", nodes[i].value);
	return ret;
}

static int offer_all(struct nic *nic)
{
	int ret = share_memory(nic);

	if (!ret)
		ret = open_channel(nic);
	if (ret)
		return ret;
	rx_start(&nic->rx);
	tx_start(&nic->tx, xenbus_backend_u64(nic->dev, "feature-sg", 0));
	ret = describe(nic);
	return ret ? ret : xenbus_set_state(nic->dev, XENBUS_CONNECTED);
}

/* Offer everything to the back end, which is waiting for it. */
static int offer(struct nic *nic)
{
	mutex_lock(&nic->handshake);
	nic->connected_in = nic->suspensions;
	int ret = offer_all(nic);

	mutex_unlock(&nic->handshake);
	if (ret)
		close_channel(nic);
	return ret;
}

/* Serve until the back end goes. */
static void serve(struct nic *nic)
{
	enum xenbus_state state = XENBUS_INIT_WAIT;

	while (state != XENBUS_CONNECTED && !gone(state) && !is_cut(nic))
		state = next_state(nic, state);
	if (state == XENBUS_CONNECTED && !is_cut(nic)) {
		log_ratelimited(&nic->log, LOG_INFO, "%s: connected to domain %u", nic->net.name, nic->dev->backend_domid);
		nic_set_link(nic, true);
		xen_event_notify(nic->port);
		while (!gone(state) && !nic->broken && !is_cut(nic))
			state = next_state(nic, state);
		nic_set_link(nic, false);
		log_ratelimited(&nic->log, LOG_INFO, "%s: disconnected", nic->net.name);
	}
	close_channel(nic);
	take_back_memory(nic);
}

/*
 * A back end that closes and opens as fast as it likes, or keeps the pages of each connection, shall not cost this domain its memory and its time:
 * the next connection begins when the pages of the last one are back, and not too soon.
 */
static void wait_for_pages(struct nic *nic)
{
	static const uint64_t look = NSEC_PER_SEC / 10;
	uint64_t earliest = nic->connected_at ? nic->connected_at + RECONNECT_PAUSE : 0;

	if (READ_ONCE(nic->stuck))
		log_ratelimited(&nic->log, LOG_WARN, "%s: connects again when its back end has let go of %u pages",
		                nic->net.name, nic->stuck);
	while (READ_ONCE(nic->stuck) || time_monotonic() < earliest)
		wait_event_full(&nic->dev->wait, false, time_monotonic() + look, false);
	nic->connected_at = time_monotonic();
}

/* After the back end closed: tell it, and offer a new start if it stays. Returns its state then. */
static enum xenbus_state restart(struct nic *nic, enum xenbus_state state)
{
	struct xenbus_dev *dev = nic->dev;

	if (state == XENBUS_CLOSING) {
		xenbus_set_state(dev, XENBUS_CLOSED);
		return next_state(nic, state);
	}
	if (state == XENBUS_CLOSED && xenbus_backend_u64(dev, "online", 0))
		xenbus_set_state(dev, XENBUS_INITIALISING);
	return next_state(nic, state);
}

void nic_connect_thread(void *arg)
{
	struct nic *nic = arg;
	enum xenbus_state state = xenbus_backend_state(nic->dev);

	while (!nic->broken) {
		nic->connected_in = READ_ONCE(nic->suspensions);
		if (gone(state)) {
			state = restart(nic, state);
		} else if (state != XENBUS_INIT_WAIT) {
			state = next_state(nic, state);
		} else {
			wait_for_pages(nic);
			int ret = offer(nic);

			if (ret) {
				pr_err("%s: cannot be connected: errno %d", nic->net.name, -ret);
				take_back_memory(nic); /* others may have more luck with it */
				net_lost(&nic->net);
				return;
			}
			serve(nic);
			state = xenbus_backend_state(nic->dev);
		}
	}
	xenbus_set_state(nic->dev, XENBUS_CLOSED);
}
