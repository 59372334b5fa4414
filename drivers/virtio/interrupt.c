/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A queue's interrupt: its own MSI-X entry if the device has enough of them, else one that it shares. Without MSI-X, or with all vectors of
 * the processor in use, the queue is looked at every millisecond instead.
 */
#include <core/alloc.h>
#include <core/errno.h>
#include <core/log.h>
#include <core/timer.h>

#include "internal.h"

#define POLL_TIME NSEC_PER_MSEC

struct listener {
	struct virtio_dev *dev;
	irq_handler_t handler;
	void *arg;
	struct timer timer; /* when it is polled */
};

/* An interrupt that is too early, or another queue's, finds a driver that has not set up its own yet. */
static void call(void *arg)
{
	const struct listener *l = arg;

	if (READ_ONCE(l->dev->ready))
		l->handler(l->arg);
}

static void poll(struct timer *t)
{
	call(container_of(t, struct listener, timer));
	timer_set(t, time_monotonic() + POLL_TIME);
}

static void start_polling(struct listener *l, unsigned index)
{
	struct virtio_dev *dev = l->dev;

	if (!dev->polled)
		pr_warn("%s %s: no interrupt from queue %u on: looked at every millisecond", dev->kind, dev->pci->name, index);
	dev->polled = true;
	timer_init(&l->timer, poll);
	timer_set(&l->timer, time_monotonic() + POLL_TIME);
}

/* Returns the MSI-X entry, or -Exxx: -ENOSPC if there is none. */
static int attach(struct listener *l, unsigned index)
{
	struct pci_dev *pci = l->dev->pci;

	if (!pci->msix_count)
		return -ENOSPC;
	unsigned entry = MIN(index, pci->msix_count - 1);
	int ret = pci_msix_attach(pci, entry, call, l);

	if (ret == -ENOSPC && entry) {
		entry = 0; /* which an earlier queue got */
		ret = pci_msix_attach(pci, entry, call, l);
	}
	return ret ? ret : (int)entry;
}

int virtio_interrupt(struct virtio_dev *dev, unsigned index, irq_handler_t handler, void *arg)
{
	struct listener *l = kzalloc(sizeof(*l));

	if (!l)
		return -ENOMEM;
	*l = (struct listener){ .dev = dev, .handler = handler, .arg = arg };
	int entry = attach(l, index);

	if (entry == -ENOSPC) {
		start_polling(l, index);
		return NO_VECTOR;
	}
	if (entry < 0)
		kfree(l);
	return entry;
}
