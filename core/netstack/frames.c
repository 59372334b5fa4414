/* SPDX-License-Identifier: BSD-3-Clause */
/* Frames between a network device and the stack. What the device has no room for waits here, since the stack cannot. */
#include <core/alloc.h>
#include <core/errno.h>
#include <core/log.h>
#include <core/string.h>

#include "internal.h"

#define BATCH 64u /* frames that are moved before others get the lock */
#define WAITING_MAX 1024u /* frames for the device */

struct frame {
	struct list link;
	size_t len;
	char data[];
};

static struct net_dev *device;
static void *buffer; /* for the frame that is being received */
static bool lost; /* that the device is gone was noticed */
static struct list waiting = LIST_INIT(waiting);
static unsigned waiting_len;
static struct log_limit full_limit;

int frames_open(int number)
{
	struct net_dev *dev;
	int ret;

	buffer = kmalloc(NET_FRAME_MAX);
	ret = buffer ? net_open(number, &dev) : -ENOMEM;
	if (!ret)
		device = dev;
	return ret;
}

struct net_dev *frames_device(void)
{
	return device;
}

bool frames_ready(void)
{
	if (!device)
		return false;
	if (READ_ONCE(waiting_len) && device->can_send(device))
		return true;
	return !READ_ONCE(lost) && net_may_receive(device);
}

static void receive(void)
{
	for (unsigned i = 0; i < BATCH && !lost; i++) {
		ssize_t len = net_receive(device, buffer);

		if (len == -EAGAIN)
			return;
		if (len < 0)
			WRITE_ONCE(lost, true);
		else
			netstack->input(buffer, (size_t)len);
	}
}

static void drop_first(void)
{
	struct frame *f = list_first(&waiting, struct frame, link);

	list_del(&f->link);
	WRITE_ONCE(waiting_len, waiting_len - 1);
	kfree(f);
}

/* Frames that the device refuses, or that came before the link went, are lost: as on any wire. */
static void send_waiting(void)
{
	while (!list_empty(&waiting)) {
		struct frame *f = list_first(&waiting, struct frame, link);

		if (device->send(device, f->data, f->len) == -EAGAIN)
			return;
		drop_first();
	}
}

void frames_move(void)
{
	if (!device)
		return;
	send_waiting();
	receive();
}

static int enqueue(const void *data, size_t len)
{
	struct frame *f = waiting_len < WAITING_MAX ? kmalloc(sizeof(*f) + len) : NULL;

	if (!f) {
		log_ratelimited(&full_limit, LOG_INFO, "%s: no room for frames that wait to be sent; they are lost",
		                device->name);
		return -ENOBUFS;
	}
	f->len = len;
	memcpy(f->data, data, len);
	list_push_back(&waiting, &f->link);
	WRITE_ONCE(waiting_len, waiting_len + 1);
	return 0;
}

int netstack_transmit(const void *frame, size_t len)
{
	int ret = device ? -EAGAIN : -ENETDOWN;

	if (ret == -EAGAIN && list_empty(&waiting))
		ret = device->send(device, frame, len);
	return ret == -EAGAIN ? enqueue(frame, len) : ret;
}
