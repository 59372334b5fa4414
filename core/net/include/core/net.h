/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Network devices: drivers register them, posix/tun shows them to programs. A frame is an Ethernet frame from the destination address to
 * the end of the payload, without the frame check sequence. There is no network stack here: frames go in and out raw.
 */
#ifndef CORE_NET_H
#define CORE_NET_H

#include <core/base.h>
#include <core/list.h>
#include <core/sched.h>

#define NET_MAC_SIZE 6
#define NET_HEADER_SIZE 14
/* The longest frame that a device sends or receives. */
#define NET_FRAME_MAX 65535u

struct net_dev {
	char name[16]; /* "vif0" */
	unsigned number; /* by which the configuration knows it; unique */
	uint8_t mac[NET_MAC_SIZE];
	unsigned mtu;
	/* The driver's; none of these sleeps, and all are called in thread context, with frames in kernel memory. */
	/*
	 * Send a frame; the driver copies it. Returns 0, -EAGAIN when full (net_wake with POLLOUT follows), -EMSGSIZE when the device does
	 * not send frames as long as that, -EINVAL when it is too short, -ENETDOWN when the link is down.
	 */
	int (*send)(struct net_dev *dev, const void *frame, size_t len);
	/* Would any frame that the device takes be taken now, or fail at once? If not, net_wake with POLLOUT follows. */
	bool (*can_send)(struct net_dev *dev);
	/*
	 * Take the oldest received frame into @buf of NET_FRAME_MAX bytes. Returns its length, or -EAGAIN when there is none (net_wake with
	 * POLLIN follows).
	 */
	ssize_t (*receive)(struct net_dev *dev, void *buf);
	/* Is a frame there? If not, net_wake with POLLIN follows. */
	bool (*can_receive)(struct net_dev *dev);
	void *priv;

	bool open; /* somebody reads; otherwise the driver drops what arrives */
	struct waitq wait; /* woken with POLLIN or POLLOUT; filled in by net_register */
	struct list link;
};

/* The device stays the driver's and must live on. Returns 0, or -EEXIST when its number is in use. */
int net_register(struct net_dev *dev);
/* Driver: frames arrived (@in), or sending is possible again or the link changed (@out). Any context. */
void net_wake(struct net_dev *dev, bool in, bool out);

/*
 * Become the user of device @number, or with @number < 0 of the first that has none. *@dev is set on success. Returns 0, -ENODEV when there
 * is no such device, or -EBUSY when it has a user. Thread context.
 */
int net_open(int number, struct net_dev **dev);
/* Give it up. */
void net_close(struct net_dev *dev);

/*
 * Compute the TCP or UDP checksum of the frame at @frame and store it there, whatever is in its place: for frames that were to get it from
 * hardware. IPv4 and IPv6, VLAN tags and IPv6's extension headers included. Returns false, and changes nothing, for frames in which there
 * is no such checksum (other protocols, fragments, frames cut short). Any context.
 */
bool net_complete_checksum(void *frame, size_t len);

#endif
