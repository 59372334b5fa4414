/* SPDX-License-Identifier: BSD-3-Clause */
/* The registry of network devices, and who uses them. */
#include <core/net.h>

#include <abi/poll.h>
#include <core/errno.h>

#define READABLE (POLLIN | POLLRDNORM)
#define WRITABLE (POLLOUT | POLLWRNORM)

static struct list devices = LIST_INIT(devices);
static struct spinlock registry_lock = SPINLOCK_INIT("net: registry");

static struct net_dev *find(unsigned number)
{
	struct net_dev *d;

	list_for_each(d, &devices, link)
		if (d->number == number)
			return d;
	return NULL;
}

/* By ascending numbers, so that the first free one is the one with the lowest. */
static void insert(struct net_dev *dev)
{
	struct net_dev *d;

	list_for_each(d, &devices, link)
		if (d->number > dev->number)
			break;
	list_add_before(&d->link, &dev->link);
}

int net_register(struct net_dev *dev)
{
	waitq_init(&dev->wait);
	dev->open = dev->lost = false;
	spin_lock(&registry_lock);
	bool taken = find(dev->number);

	if (!taken)
		insert(dev);
	spin_unlock(&registry_lock);
	return taken ? -EEXIST : 0;
}

void net_wake(struct net_dev *dev, bool in, bool out)
{
	waitq_wake(&dev->wait, (in ? READABLE : 0) | (out ? WRITABLE : 0));
}

void net_lost(struct net_dev *dev)
{
	WRITE_ONCE(dev->lost, true);
	net_wake(dev, true, true);
}

ssize_t net_receive(struct net_dev *dev, void *buf)
{
	bool lost = READ_ONCE(dev->lost);
	ssize_t ret = 0;

	for (unsigned i = 0; i < NET_DROPS_MAX && !ret; i++)
		ret = dev->take(dev, buf);
	if (!ret)
		return -EAGAIN;
	return ret == -EAGAIN && lost ? -EIO : ret;
}

bool net_may_receive(struct net_dev *dev)
{
	return READ_ONCE(dev->lost) || dev->can_receive(dev);
}

static struct net_dev *first_free(void)
{
	struct net_dev *d;

	list_for_each(d, &devices, link)
		if (!d->open)
			return d;
	return NULL;
}

int net_open(int number, struct net_dev **dev)
{
	int ret = 0;

	spin_lock(&registry_lock);
	struct net_dev *d = number < 0 ? first_free() : find(number);

	if (!d)
		ret = number < 0 && !list_empty(&devices) ? -EBUSY : -ENODEV;
	else if (d->open)
		ret = -EBUSY;
	if (!ret) {
		WRITE_ONCE(d->open, true);
		*dev = d;
	}
	spin_unlock(&registry_lock);
	return ret;
}

void net_close(struct net_dev *dev)
{
	WRITE_ONCE(dev->open, false);
}
