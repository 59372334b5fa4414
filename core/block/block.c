/* SPDX-License-Identifier: BSD-3-Clause */
/* The registry of block devices. */
#include <core/block.h>

#include <core/errno.h>
#include <core/log.h>
#include <core/sched.h>
#include <core/string.h>

#include "internal.h"

static struct list devices = LIST_INIT(devices);
static struct spinlock registry_lock = SPINLOCK_INIT("block: registry and users");
static struct mutex changing = MUTEX_INIT(changing); /* registrations, with what the listener does about them */
static const struct block_listener *listener;

static struct block_dev *find(const char *name)
{
	struct block_dev *d;

	list_for_each(d, &devices, link)
		if (!strcmp(d->name, name))
			return d;
	return NULL;
}

struct block_dev *block_get(const char *name)
{
	spin_lock(&registry_lock);
	struct block_dev *d = find(name);

	if (d)
		d->users++;
	spin_unlock(&registry_lock);
	return d;
}

void block_put(struct block_dev *dev)
{
	spin_lock(&registry_lock);
	bool last = !--dev->users;

	spin_unlock(&registry_lock);
	if (last && dev->release)
		dev->release(dev);
}

bool block_in_use(const struct block_dev *dev)
{
	return READ_ONCE(dev->users) > 1;
}

static bool add(struct block_dev *dev)
{
	spin_lock(&registry_lock);
	bool ok = !find(dev->name);

	if (ok) {
		dev->users = 1;
		list_push_back(&devices, &dev->link);
	}
	spin_unlock(&registry_lock);
	return ok;
}

static void forget(struct block_dev *dev)
{
	spin_lock(&registry_lock);
	list_del(&dev->link);
	spin_unlock(&registry_lock);
}

int block_register(struct block_dev *dev)
{
	if (!block_check(dev))
		return -EINVAL;
	mutex_lock(&changing);
	int ret = add(dev) ? 0 : -EEXIST;

	if (!ret && listener) {
		ret = listener->appeared(dev);
		if (ret)
			forget(dev);
	}
	mutex_unlock(&changing);
	return ret;
}

void block_unregister(struct block_dev *dev)
{
	mutex_lock(&changing);
	forget(dev);
	if (listener)
		listener->gone(dev);
	mutex_unlock(&changing);
	block_put(dev);
}

void block_listen(const struct block_listener *l)
{
	struct block_dev *d;

	mutex_lock(&changing);
	listener = l;
	list_for_each(d, &devices, link) {
		int ret = l->appeared(d);

		if (ret)
			pr_err("%s: cannot be shown: errno %d", d->name, -ret);
	}
	mutex_unlock(&changing);
}
