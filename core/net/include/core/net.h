/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Network devices: drivers register them, posix/tun offers them to programs, core/netstack to a stack. A frame is an Ethernet frame from the
 * destination address to the end of the payload, without the frame check sequence.
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
	unsigned number; /* its number in the configuration; unique */
	uint8_t mac[NET_MAC_SIZE];
	unsigned mtu;
	/* The driver's. None of these sleeps; all are called in thread context, with frames in kernel memory. */
	/*
	 * Send a frame; the driver copies it. Returns 0, -EAGAIN when full (net_wake with POLLOUT follows), -EMSGSIZE if
	 * the frame is too long for the device, -EINVAL if it is too short, -ENETDOWN if the link is down.
	 */
	int (*send)(struct net_dev *dev, const void *frame, size_t len);
	/* False if send() might return -EAGAIN now; then net_wake with POLLOUT follows. */
	bool (*can_send)(struct net_dev *dev);
	/*
	 * Move the oldest received frame into @buf of NET_FRAME_MAX bytes. Returns its length, 0 if it was damaged and is dropped, or -EAGAIN if
	 * there is none (net_wake with POLLIN follows). Users call net_receive().
	 */
	ssize_t (*take)(struct net_dev *dev, void *buf);
	/* Is a frame there? If not, net_wake with POLLIN follows. */
	bool (*can_receive)(struct net_dev *dev);
	void *priv;

	bool open; /* it has a user; otherwise the driver drops what arrives */
	bool lost; /* net_lost() */
	struct waitq wait; /* woken with POLLIN or POLLOUT; filled in by net_register */
	struct list link;
};

/* The device stays the driver's and must live on. Returns 0, or -EEXIST when its number is in use. */
int net_register(struct net_dev *dev);
/* Driver: frames arrived (@in), or sending is possible again or the link changed (@out). Any context. */
void net_wake(struct net_dev *dev, bool in, bool out);
/* Driver: the device is down for ever. Ends all waits, for frames and for room; send() is -ENETDOWN from before on. Any context. */
void net_lost(struct net_dev *dev);

/*
 * Become the only user of device @number, or with @number < 0 of the first without one, and store it in *@dev. Returns
 * 0, -ENODEV if there is no such device, or -EBUSY if it has a user. Thread context.
 */
int net_open(int number, struct net_dev **dev);
/*
 * Move the oldest good frame into @buf of NET_FRAME_MAX bytes. Returns its length, -EAGAIN if there is none (a wake with POLLIN follows), or -EIO
 * if there is none and the device is lost. A sender may fill the device with damaged frames as fast as they are dropped: after NET_DROPS_MAX of
 * them in a row it is -EAGAIN too, though net_may_receive() is true. Thread context.
 */
#define NET_DROPS_MAX 256u
ssize_t net_receive(struct net_dev *dev, void *buf);
/* Would net_receive() return something else than -EAGAIN? If not, a wake with POLLIN follows. Thread context. */
bool net_may_receive(struct net_dev *dev);
/* End what net_open() began. Thread context. */
void net_close(struct net_dev *dev);

/*
 * Compute the TCP or UDP checksum of the frame of @len bytes at @frame and store it in the frame, whose sender left that
 * to hardware. Handles IPv4 and IPv6, with VLAN tags and extension headers. Returns false, and changes nothing, for
 * frames without such a checksum (other protocols, fragments, truncated frames). Any context.
 */
bool net_complete_checksum(void *frame, size_t len);

#endif
