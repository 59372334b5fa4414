/* SPDX-License-Identifier: BSD-3-Clause */
/* The requests of taps (Linux's if_tun.h). There are no offloads and no header in front of frames. */
#include <core/alloc.h>
#include <core/errno.h>
#include <core/log.h>
#include <core/string.h>

#include "tun.h"

enum {
	TUNSETNOCSUM = 0x400454c8,
	TUNSETDEBUG = 0x400454c9,
	TUNSETIFF = 0x400454ca,
	TUNSETPERSIST = 0x400454cb,
	TUNSETOWNER = 0x400454cc,
	TUNSETLINK = 0x400454cd,
	TUNSETGROUP = 0x400454ce,
	TUNSETOFFLOAD = 0x400454d0,
	TUNSETSNDBUF = 0x400454d4,
	TUNSETVNETHDRSZ = 0x400454d8,
	TUNSETCARRIER = 0x400454e2,
	SIOCGIFHWADDR = 0x8927,
};
/* These do not fit into an int. */
#define TUNGETFEATURES 0x800454cfu
#define TUNGETIFF 0x800454d2u
#define TUNGETSNDBUF 0x800454d3u
#define TUNGETVNETHDRSZ 0x800454d7u

#define IFF_TAP 0x0002
#define IFF_NO_PI 0x1000
#define IFF_ONE_QUEUE 0x2000
#define IFF_TUN_EXCL 0x8000
#define OUR_FLAGS (IFF_TAP | IFF_NO_PI)
#define HARMLESS_FLAGS (IFF_ONE_QUEUE | IFF_TUN_EXCL)

#define ARPHRD_ETHER 1
/* sizeof(struct virtio_net_hdr), the default; it is used with IFF_VNET_HDR only */
#define VNET_HEADER_SIZE 10
/* More than the frames that may wait: what came before the tap was there is not for it. */
#define STALE_MAX 1024

struct ifreq {
	char name[IFNAMSIZ];
	union {
		uint16_t flags;
		struct {
			uint16_t family;
			uint8_t data[14];
		} address;
		char size[24];
	};
};

static void drop_stale(struct tap *tap)
{
	for (unsigned i = 0; i < STALE_MAX && net_receive(tap->dev, tap->read_frame) > 0; i++)
		;
}

static int make_frames(struct tap *tap)
{
	if (!tap->read_frame)
		tap->read_frame = kmalloc(NET_FRAME_MAX);
	if (!tap->write_frame)
		tap->write_frame = kmalloc(NET_FRAME_MAX);
	return tap->read_frame && tap->write_frame ? 0 : -ENOMEM;
}

static int attach(struct tap *tap, struct ifreq *req)
{
	struct net_dev *dev;
	int ret = tap->dev ? -EINVAL : make_frames(tap);

	if (!ret && (req->flags & ~HARMLESS_FLAGS) != OUR_FLAGS)
		ret = -EINVAL;
	if (ret)
		return ret;
	req->name[IFNAMSIZ - 1] = 0;
	ret = net_open(tap_number(req->name), &dev);
	if (ret) {
		pr_err("/dev/net/tun: no device for the tap %s: errno %d", req->name, -ret);
		return ret;
	}
	tap_name(tap->name, req->name, dev->number);
	memcpy(req->name, tap->name, IFNAMSIZ);
	WRITE_ONCE(tap->dev, dev);
	drop_stale(tap);
	pr_info("%s: tap of %s", tap->name, dev->name);
	return 0;
}

static long set_interface(struct tap *tap, struct ifreq *user)
{
	struct ifreq req = *user; /* the caller's memory may fault */

	mutex_lock(&tap->attach_lock);
	int ret = attach(tap, &req);

	mutex_unlock(&tap->attach_lock);
	if (!ret)
		*user = req;
	return ret;
}

static long get_address(const struct tap *tap, struct ifreq *req)
{
	memset(&req->address, 0, sizeof(req->address));
	req->address.family = ARPHRD_ETHER;
	memcpy(req->address.data, tap->dev->mac, NET_MAC_SIZE);
	return 0;
}

static long get_interface(const struct tap *tap, struct ifreq *req)
{
	memset(req, 0, sizeof(*req));
	memcpy(req->name, tap->name, IFNAMSIZ);
	req->flags = OUR_FLAGS;
	return 0;
}

static long set_send_buffer(struct tap *tap, int size)
{
	if (size <= 0)
		return -EINVAL;
	tap->send_buffer = size;
	return 0;
}

long tap_ioctl(struct file *f, unsigned cmd, union call_arg arg)
{
	struct tap *tap = f->priv;

	if (cmd == TUNGETFEATURES) {
		*arg.number = OUR_FLAGS;
		return 0;
	}
	if (cmd == TUNSETIFF)
		return set_interface(tap, arg.object);
	if (!READ_ONCE(tap->dev))
		return -EBADFD;
	switch (cmd) {
	case TUNGETIFF:
		return get_interface(tap, arg.object);
	case SIOCGIFHWADDR:
		return get_address(tap, arg.object);
	case TUNSETOFFLOAD:
		return arg.value ? -EINVAL : 0;
	case TUNSETSNDBUF:
		return set_send_buffer(tap, *arg.number);
	case TUNGETSNDBUF:
		*arg.number = tap->send_buffer;
		return 0;
	case TUNSETVNETHDRSZ:
		return *arg.number == VNET_HEADER_SIZE ? 0 : -EINVAL;
	case TUNGETVNETHDRSZ:
		*arg.number = VNET_HEADER_SIZE;
		return 0;
	case TUNSETLINK: /* the kind of link: refused while the interface is up, as on Linux */
		return arg.value == ARPHRD_ETHER ? 0 : -EBUSY;
	case TUNSETPERSIST: /* all devices outlive their taps, and there is one user, and no carrier of ours */
	case TUNSETOWNER:
	case TUNSETGROUP:
	case TUNSETNOCSUM:
	case TUNSETDEBUG:
	case TUNSETCARRIER:
		return 0;
	default:
		return -ENOTTY;
	}
}
