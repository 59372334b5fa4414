/* SPDX-License-Identifier: BSD-3-Clause */
/* Network devices as Xen's netif.h describes them: one queue, received frames are copied by the back end. */
#include <core/alloc.h>
#include <core/errno.h>
#include <core/init.h>
#include <core/kthread.h>
#include <core/log.h>
#include <core/string.h>

#include "nic.h"

#define MTU_DEFAULT 1500
#define MTU_MAX (NET_FRAME_MAX - NET_HEADER_SIZE)

/* The lock is held. */
static void give_up(struct nic *nic, const char *why)
{
	if (nic->broken)
		return;
	nic->broken = why;
	nic->up = false;
	pr_err("%s: the back end in domain %u is not to be trusted: %s; the device is down", nic->net.name,
	       nic->dev->backend_domid, why);
	net_lost(&nic->net);
	waitq_wake(&nic->dev->wait, ~0u); /* the connecting thread */
}

static void notify_posted(struct nic *nic)
{
	if (!nic->rx.notify)
		return;
	nic->rx.notify = false;
	xen_event_notify(nic->port);
}

void nic_event(uint32_t port __unused, void *arg)
{
	struct nic *nic = arg;

	spin_lock(&nic->lock);
	if (nic->up) {
		if (rx_limit(&nic->rx, READ_ONCE(nic->net.open)))
			give_up(nic, "what it put into the receiving ring makes no sense");
		else
			notify_posted(nic);
	}
	spin_unlock(&nic->lock);
	net_wake(&nic->net, true, true);
}

void nic_set_link(struct nic *nic, bool up)
{
	spin_lock(&nic->lock);
	nic->up = up && !nic->broken;
	spin_unlock(&nic->lock);
	nic_event(nic->port, nic); /* what came before the link was up */
}

static int nic_send(struct net_dev *net, const void *frame, size_t len)
{
	struct nic *nic = net->priv;
	int ret = -ENETDOWN;

	spin_lock(&nic->lock);
	if (nic->up)
		ret = tx_send(&nic->tx, frame, len);
	if (ret == -EPROTO) {
		give_up(nic, "what it put into the sending ring makes no sense");
		ret = -ENETDOWN;
	}
	if (ret > 0) {
		xen_event_notify(nic->port);
		ret = 0;
	}
	spin_unlock(&nic->lock);
	return ret;
}

static bool nic_can_send(struct net_dev *net)
{
	struct nic *nic = net->priv;
	int ret = 1;

	spin_lock(&nic->lock);
	if (nic->up)
		ret = tx_ready(&nic->tx);
	if (ret < 0)
		give_up(nic, "what it put into the sending ring makes no sense");
	spin_unlock(&nic->lock);
	return ret;
}

static ssize_t nic_take(struct net_dev *net, void *buf)
{
	struct nic *nic = net->priv;
	ssize_t ret = -EAGAIN;

	spin_lock(&nic->lock);
	if (nic->up) {
		ret = rx_take(&nic->rx, buf);
		if (ret == -EPROTO) {
			give_up(nic, "what it put into the receiving ring makes no sense");
			ret = -EAGAIN;
		} else {
			notify_posted(nic);
		}
	}
	spin_unlock(&nic->lock);
	return ret;
}

static bool nic_can_receive(struct net_dev *net)
{
	struct nic *nic = net->priv;
	int ret = 0;

	spin_lock(&nic->lock);
	if (nic->up)
		ret = rx_ready(&nic->rx);
	if (ret < 0)
		give_up(nic, "what it put into the receiving ring makes no sense");
	spin_unlock(&nic->lock);
	return ret > 0;
}

static int hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* "00:16:3e:00:00:01" */
static bool parse_mac(const char *s, uint8_t *mac)
{
	for (unsigned i = 0; i < NET_MAC_SIZE; i++, s += 3) {
		int high = hex(s[0]), low = high < 0 ? -1 : hex(s[1]);

		if (low < 0 || s[2] != (i < NET_MAC_SIZE - 1 ? ':' : 0))
			return false;
		mac[i] = high << 4 | low;
	}
	return true;
}

static int read_mac(const struct xenbus_dev *dev, uint8_t *mac)
{
	char path[XENBUS_PATH_MAX], *value;

	snprintf(path, sizeof(path), "%s/mac", dev->path);
	int ret = xenstore_read(XST_NONE, path, &value, NULL);

	if (ret)
		return ret;
	if (!parse_mac(value, mac))
		ret = -EINVAL;
	kfree(value);
	return ret;
}

/* Does not wait for the back end: a thread of the device's own connects. */
static int probe(struct xenbus_dev *dev)
{
	struct nic *nic = kzalloc(sizeof(*nic));
	uint64_t mtu;

	if (!nic)
		return -ENOMEM;
	spinlock_init(&nic->lock, "xen-net: a device's queues");
	mutex_init(&nic->handshake);
	nic->net = (struct net_dev){ .number = dev->id, .mtu = MTU_DEFAULT, .priv = nic };
	nic->net.send = nic_send;
	nic->net.can_send = nic_can_send;
	nic->net.take = nic_take;
	nic->net.can_receive = nic_can_receive;
	nic->dev = dev;
	dev->priv = nic;
	snprintf(nic->net.name, sizeof(nic->net.name), "vif%u", dev->id);
	int ret = read_mac(dev, nic->net.mac);

	if (!ret && !xenbus_read_u64(dev, "mtu", &mtu) && mtu && mtu <= MTU_MAX)
		nic->net.mtu = mtu;
	if (!ret)
		ret = net_register(&nic->net);
	if (ret) {
		kfree(nic);
		return ret;
	}
	if (!thread_create("xen-net", nic_connect_thread, nic)) {
		pr_err("%s: no memory for its thread: it stays down", nic->net.name);
		net_lost(&nic->net);
	}
	return 0;
}

static void hold(struct xenbus_dev *dev)
{
	mutex_lock(&((struct nic *)dev->priv)->handshake);
}

static void let_go(struct xenbus_dev *dev)
{
	mutex_unlock(&((struct nic *)dev->priv)->handshake);
}

static void lost(struct xenbus_dev *dev)
{
	struct nic *nic = dev->priv;

	nic->up = false;
	nic->port = 0;
	nic->suspensions++;
}

/* The thread takes its memory back and begins anew. */
static void again(struct xenbus_dev *dev)
{
	waitq_wake(&dev->wait, ~0u);
}

static int xen_net_init(void)
{
	static struct xenbus_class class = {
		.name = "vif", .probe = probe, .lost = lost, .again = again, .hold = hold, .let_go = let_go
	};

	xenbus_probe(&class);
	return 0;
}
INITCALL(INIT_DRIVERS, xen_net_init);
