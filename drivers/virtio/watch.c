/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Devices that go. Nothing reports that one was pulled out, and a device that fails may be silent about it: all that are in use are asked once
 * a second, by one timer.
 */
#include <core/sched.h>
#include <core/timer.h>

#include "internal.h"

#define LOOK_TIME NSEC_PER_SEC
#define LOOK_TIME_IN_USE (100 * NSEC_PER_MSEC)

static void look(struct timer *t);

static struct timer timer = TIMER_INIT(timer, look);
static struct virtio_dev *devices;
static struct spinlock devices_lock = SPINLOCK_INIT("virtio: devices that are looked after");

static void check(struct virtio_dev *dev)
{
	if (!READ_ONCE(dev->ready) || (virtio_works(dev) && !virtq_any_broken(dev->queues)))
		return;
	virtio_stop(dev);
	dev->lost(dev->lost_arg);
}

void virtio_look(struct virtio_dev *dev)
{
	uint64_t now = time_monotonic();

	if (now - READ_ONCE(dev->looked) < LOOK_TIME_IN_USE)
		return;
	WRITE_ONCE(dev->looked, now);
	check(dev);
}

/* None ever leaves the list, so that it can be walked without the lock, which drivers' locks are not taken under. */
static void look(struct timer *t)
{
	spin_lock(&devices_lock);
	struct virtio_dev *dev = devices;

	spin_unlock(&devices_lock);
	for (; dev; dev = dev->next)
		check(dev);
	timer_set(t, time_monotonic() + LOOK_TIME);
}

void virtio_watch(struct virtio_dev *dev)
{
	spin_lock(&devices_lock);
	dev->next = devices;
	devices = dev;
	if (!timer_is_set(&timer))
		timer_set(&timer, time_monotonic() + LOOK_TIME);
	spin_unlock(&devices_lock);
}
