/* SPDX-License-Identifier: BSD-3-Clause */
/* Network devices (virtio 1.2, section 5.1): one queue each way, no offloads, frames of up to 64 KiB if the device merges buffers. */
#include <core/alloc.h>
#include <core/errno.h>
#include <core/init.h>
#include <core/log.h>
#include <core/random.h>
#include <core/string.h>

#include "rx.h"
#include "tx.h"

#define FEATURE_MTU 3
#define FEATURE_MAC 5
#define FEATURE_MRG_RXBUF 15
#define FEATURE_STATUS 16
#define FEATURES (1u << FEATURE_MTU | 1u << FEATURE_MAC | 1u << FEATURE_MRG_RXBUF | 1u << FEATURE_STATUS)

#define CONFIG_MAC 0
#define CONFIG_STATUS 6
#define CONFIG_MTU 10
#define STATUS_LINK_UP 1

#define MTU_DEFAULT 1500
#define MTU_MIN 68 /* of IPv4 */
#define MTU_MAX (NET_FRAME_MAX - NET_HEADER_SIZE)

enum { QUEUE_RX, QUEUE_TX };

struct nic {
	struct net_dev net;
	struct virtio_dev virtio;
	struct spinlock lock; /* all below, and both queues */
	bool up, broken;
	struct log_limit links; /* the link changes as often as the host likes */
	struct rx rx;
	struct tx tx;
};

static unsigned devices;

/* The lock is held. */
static void give_up(struct nic *nic, const char *why)
{
	if (nic->broken)
		return;
	nic->broken = true;
	nic->up = false;
	virtio_stop(&nic->virtio);
	pr_err("%s: the device %s; it is down", nic->net.name, why);
	net_lost(&nic->net);
}

static void broke_protocol(struct nic *nic)
{
	give_up(nic, "broke the protocol");
}

static void lost(void *arg)
{
	struct nic *nic = arg;

	spin_lock(&nic->lock);
	give_up(nic, "was removed or has failed");
	spin_unlock(&nic->lock);
}

static int nic_send(struct net_dev *net, const void *frame, size_t len)
{
	struct nic *nic = net->priv;
	int ret = -ENETDOWN;

	virtio_look(&nic->virtio);
	spin_lock(&nic->lock);
	if (nic->up)
		ret = tx_send(&nic->tx, frame, len);
	if (ret == -EPROTO) {
		broke_protocol(nic);
		ret = -ENETDOWN;
	}
	spin_unlock(&nic->lock);
	return ret;
}

static bool nic_can_send(struct net_dev *net)
{
	struct nic *nic = net->priv;
	int ret = 1;

	virtio_look(&nic->virtio);
	spin_lock(&nic->lock);
	if (nic->up)
		ret = tx_ready(&nic->tx);
	if (ret < 0)
		broke_protocol(nic);
	spin_unlock(&nic->lock);
	return ret;
}

static ssize_t nic_take(struct net_dev *net, void *buf)
{
	struct nic *nic = net->priv;
	ssize_t ret = -EAGAIN;

	spin_lock(&nic->lock);
	if (!nic->broken)
		ret = rx_take(&nic->rx, buf);
	if (ret == -EPROTO) {
		broke_protocol(nic);
		ret = -EAGAIN;
	}
	spin_unlock(&nic->lock);
	return ret;
}

static bool nic_can_receive(struct net_dev *net)
{
	struct nic *nic = net->priv;
	int ret = 0;

	spin_lock(&nic->lock);
	if (!nic->broken)
		ret = rx_ready(&nic->rx);
	if (ret < 0)
		broke_protocol(nic);
	spin_unlock(&nic->lock);
	return ret > 0;
}

static void rx_interrupt(void *arg)
{
	struct nic *nic = arg;

	spin_lock(&nic->lock);
	if (!nic->broken && rx_limit(&nic->rx, READ_ONCE(nic->net.open)))
		broke_protocol(nic);
	spin_unlock(&nic->lock);
	net_wake(&nic->net, true, false);
}

static void tx_interrupt(void *arg)
{
	struct nic *nic = arg;

	if (nic_can_send(&nic->net))
		net_wake(&nic->net, false, true);
}

static void config_interrupt(void *arg)
{
	struct nic *nic = arg;
	bool up = virtio_config16(&nic->virtio, CONFIG_STATUS) & STATUS_LINK_UP;

	spin_lock(&nic->lock);
	up = up && !nic->broken && virtio_works(&nic->virtio);
	bool changed = up != nic->up;

	nic->up = up;
	spin_unlock(&nic->lock);
	if (!changed)
		return;
	log_ratelimited(&nic->links, LOG_INFO, "%s: link %s", nic->net.name, up ? "up" : "down");
	net_wake(&nic->net, true, true);
}

static void read_config(struct nic *nic)
{
	const struct virtio_dev *v = &nic->virtio;
	unsigned mtu = virtio_has(v, FEATURE_MTU) ? virtio_config16(v, CONFIG_MTU) : 0;

	nic->net.mtu = mtu >= MTU_MIN && mtu <= MTU_MAX ? mtu : MTU_DEFAULT;
	if (virtio_has(v, FEATURE_MAC)) {
		for (unsigned i = 0; i < NET_MAC_SIZE; i++)
			nic->net.mac[i] = virtio_config8(v, CONFIG_MAC + i);
		return;
	}
	random_bytes(nic->net.mac, NET_MAC_SIZE);
	nic->net.mac[0] = (nic->net.mac[0] & ~1u) | 2; /* not a group's, locally administered */
}

static int setup(struct nic *nic, struct pci_dev *pci)
{
	int ret = virtio_start(&nic->virtio, pci, "virtio-net", FEATURES);

	if (ret)
		return ret;
	nic->rx.mergeable = virtio_has(&nic->virtio, FEATURE_MRG_RXBUF);
	nic->rx.queue = virtio_queue(&nic->virtio, QUEUE_RX, SLOTS_MAX, rx_interrupt, nic);
	nic->tx.queue = nic->rx.queue ? virtio_queue(&nic->virtio, QUEUE_TX, SLOTS_MAX, tx_interrupt, nic) : NULL;
	if (!nic->tx.queue)
		return -ENODEV;
	ret = rx_alloc(&nic->rx);
	if (!ret)
		ret = tx_alloc(&nic->tx);
	if (!ret && virtio_has(&nic->virtio, FEATURE_STATUS))
		ret = virtio_config_handler(&nic->virtio, QUEUE_TX + 1, config_interrupt, nic);
	if (ret) {
		virtio_stop(&nic->virtio);
		pr_err("virtio-net %s: errno %d", pci->name, -ret);
	}
	return ret;
}

static void start(struct nic *nic)
{
	virtio_ready(&nic->virtio, lost, nic);
	spin_lock(&nic->lock);
	rx_start(&nic->rx);
	nic->up = !virtio_has(&nic->virtio, FEATURE_STATUS);
	spin_unlock(&nic->lock);
	if (virtio_has(&nic->virtio, FEATURE_STATUS))
		config_interrupt(nic);
}

/* A device that fails is given up; its memory is not, since its queues live for ever. */
static int probe(struct pci_dev *pci)
{
	struct nic *nic = kzalloc(sizeof(*nic));

	if (!nic)
		return -ENOMEM;
	spinlock_init(&nic->lock, "virtio-net: a device's queues");
	nic->net = (struct net_dev){ .number = devices, .priv = nic };
	nic->net.send = nic_send;
	nic->net.can_send = nic_can_send;
	nic->net.take = nic_take;
	nic->net.can_receive = nic_can_receive;
	snprintf(nic->net.name, sizeof(nic->net.name), "eth%u", nic->net.number);
	int ret = setup(nic, pci);

	if (ret)
		return ret;
	read_config(nic);
	ret = net_register(&nic->net);
	if (ret) {
		virtio_stop(&nic->virtio);
		return ret;
	}
	devices++;
	start(nic);
	pr_info("%s: virtio-net %s, MTU %u", nic->net.name, pci->name, nic->net.mtu);
	return 0;
}

static const struct pci_id ids[] = {
	{ VIRTIO_VENDOR, VIRTIO_PCI_DEVICE(VIRTIO_TYPE_NET) },
	{ VIRTIO_VENDOR, 0x1000 }, /* transitional */
	{ 0, 0 },
};

static const struct pci_driver driver = { .name = "virtio-net", .ids = ids, .probe = probe };

static int virtio_net_init(void)
{
	return pci_driver_register(&driver);
}
INITCALL(INIT_DRIVERS, virtio_net_init);
