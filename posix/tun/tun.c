/* SPDX-License-Identifier: BSD-3-Clause */
/* /dev/net/tun: an open file becomes a tap by TUNSETIFF. Each read and write moves one frame, as on Linux. */
#include <core/alloc.h>
#include <core/devfs.h>
#include <core/errno.h>
#include <core/init.h>

#include "tun.h"

#define MISC_MAJOR 10
#define TUN_MINOR 200
#define SEND_BUFFER_DEFAULT 0x7fffffff

/* A frame into @tap->read_frame; the lock is held. That the device is lost is told once to a reader that polls, or it would poll for ever. */
static ssize_t receive(struct tap *tap, bool nonblocking)
{
	struct net_dev *dev = tap->dev;

	for (;;) {
		ssize_t len = net_receive(dev, tap->read_frame);

		if (len == -EIO && nonblocking && tap->loss_told)
			return -EAGAIN;
		if (len == -EIO)
			tap->loss_told = true;
		if (len != -EAGAIN || nonblocking)
			return len;
		int ret = wait_event_interruptible(&dev->wait, net_may_receive(dev));

		if (ret)
			return ret;
	}
}

/* What does not fit is lost. */
static ssize_t tap_read(struct file *f, struct iov_iter *it, off_t *pos __unused)
{
	struct tap *tap = f->priv;

	if (!tap->dev)
		return -EBADFD;
	mutex_lock(&tap->read_lock);
	ssize_t len = receive(tap, f->flags & O_NONBLOCK);

	if (len > 0)
		len = iov_put(it, tap->read_frame, len);
	mutex_unlock(&tap->read_lock);
	return len;
}

static int send(struct tap *tap, size_t len, bool nonblocking)
{
	struct net_dev *dev = tap->dev;

	for (;;) {
		int ret = dev->send(dev, tap->write_frame, len);

		if (ret != -EAGAIN || nonblocking)
			return ret == -ENETDOWN ? -EIO : ret;
		ret = wait_event_interruptible(&dev->wait, dev->can_send(dev));
		if (ret)
			return ret;
	}
}

static ssize_t tap_write(struct file *f, struct iov_iter *it, off_t *pos __unused)
{
	struct tap *tap = f->priv;
	size_t len = it->left;

	if (!tap->dev)
		return -EBADFD;
	if (len > NET_FRAME_MAX)
		return -EMSGSIZE;
	mutex_lock(&tap->write_lock);
	iov_get(it, tap->write_frame, len);
	int ret = send(tap, len, f->flags & O_NONBLOCK);

	mutex_unlock(&tap->write_lock);
	return ret ? ret : (ssize_t)len;
}

static unsigned tap_poll(struct file *f, struct poll_table *pt)
{
	struct tap *tap = f->priv;
	unsigned events = 0;

	if (!tap->dev)
		return POLLERR;
	poll_wait(pt, &tap->dev->wait);
	if (tap->loss_told ? tap->dev->can_receive(tap->dev) : net_may_receive(tap->dev))
		events |= POLLIN | POLLRDNORM;
	if (tap->dev->can_send(tap->dev))
		events |= POLLOUT | POLLWRNORM;
	return events;
}

static void tap_release(struct file *f)
{
	struct tap *tap = f->priv;

	if (tap->dev)
		net_close(tap->dev);
	kfree(tap->read_frame);
	kfree(tap->write_frame);
	kfree(tap);
}

static const struct file_ops tap_ops = {
	.name = "tap",
	.read = tap_read,
	.write = tap_write,
	.poll = tap_poll,
	.ioctl = tap_ioctl,
	.release = tap_release,
};

static int tap_open(struct device_node *node __unused, struct file *f)
{
	struct tap *tap = kzalloc(sizeof(*tap));

	if (!tap)
		return -ENOMEM;
	mutex_init(&tap->attach_lock);
	mutex_init(&tap->read_lock);
	mutex_init(&tap->write_lock);
	tap->send_buffer = SEND_BUFFER_DEFAULT;
	f->priv = tap;
	f->ops = &tap_ops;
	return 0;
}

static int tun_init(void)
{
	static struct device_node node;

	node = (struct device_node){ .type = S_IFCHR, .rdev = dev_make(MISC_MAJOR, TUN_MINOR), .open = tap_open };
	return devfs_add("net/tun", 0600, &node);
}
INITCALL(INIT_FILES, tun_init);
