/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Virtio 1.2 devices over PCI (section 4.1), with split virtqueues (2.7). Legacy-only devices are refused. A device and its queues, once
 * set up, live for ever.
 */
#ifndef DRIVERS_VIRTIO_H
#define DRIVERS_VIRTIO_H

#include <core/alloc.h>
#include <core/base.h>
#include <drivers/pci.h>

#define VIRTIO_VENDOR 0x1af4
/* PCI device id of virtio device type @type: 5.1, and the transitional ids that modern drivers may use as well. */
#define VIRTIO_PCI_DEVICE(type) (0x1040 + (type))

#define VIRTIO_TYPE_NET 1
#define VIRTIO_TYPE_BLOCK 2
#define VIRTIO_TYPE_CONSOLE 3
#define VIRTIO_TYPE_RNG 4
#define VIRTIO_TYPE_9P 9

struct virtq;

struct virtio_dev {
	struct pci_dev *pci;
	const char *kind; /* "virtio-blk", for messages */
	volatile uint8_t *common, *notify, *config;
	size_t config_size, notify_size;
	uint32_t notify_multiplier;
	uint64_t features; /* negotiated */
	bool polled; /* at least one queue has no interrupt */
	bool ready; /* virtio_ready() was called and virtio_stop() was not: handlers run */
	irq_handler_t lost; /* with @lost_arg: see virtio_ready() */
	void *lost_arg;
	struct virtq *queues; /* all of them */
	struct virtio_dev *next; /* of those that were made ready */
	uint64_t looked; /* when it last was known to work */
};

/* One physically contiguous piece of a request. */
struct virtq_piece {
	paddr_t address;
	uint32_t length;
};

/*
 * Reset @dev and negotiate: of @wanted, what the device offers. Returns 0, or -ENODEV after a line in the log: it is no virtio 1.x device or
 * does not keep to the specification. Takes at most a second. Thread context.
 */
int virtio_start(struct virtio_dev *dev, struct pci_dev *pci, const char *kind, uint64_t wanted);

static inline bool virtio_has(const struct virtio_dev *dev, unsigned feature)
{
	return dev->features >> feature & 1;
}

/*
 * Set up queue @index with at most @max_size entries, a power of 2; @handler(@arg) is called, as an interrupt handler, when the device has
 * used some, and at other times too: queues may share an interrupt. Returns NULL if the device has no such queue, gives it a size or a
 * doorbell that cannot be, or something runs out: after a line in the log, with the device stopped. Thread context.
 */
struct virtq *virtio_queue(struct virtio_dev *dev, unsigned index, unsigned max_size, irq_handler_t handler, void *arg);

/*
 * Have @handler(@arg) called, as an interrupt handler, when the device configuration has changed, and at other times too. @queues: how many
 * queues the driver has set up. Returns 0, or -ENODEV or -ENOMEM after a line in the log. Thread context, before virtio_ready().
 */
int virtio_config_handler(struct virtio_dev *dev, unsigned queues, irq_handler_t handler, void *arg);

/*
 * All queues are set up: go. From now on the device is looked after: within a second and some of its being taken out of the machine, asking to
 * be reset, or breaking a queue's rules, it is stopped, and @lost(@arg) is called once, as an interrupt handler. It ends with an error whatever
 * waits for the device. Thread context.
 */
void virtio_ready(struct virtio_dev *dev, irq_handler_t lost, void *arg);

/*
 * For a driver whose requests are lost without a word: look now, unless that was done a moment ago. @lost may be called within. Any context,
 * without the locks that @lost takes.
 */
void virtio_look(struct virtio_dev *dev);

/* Reset @dev: it uses no memory of ours any more, and none of its handlers is called. For a device that broke the protocol. Any context. */
void virtio_stop(struct virtio_dev *dev);

/*
 * Does @dev still work as after virtio_ready()? False if it was taken out of the machine, or asks to be reset. One access to the device. Any
 * context.
 */
bool virtio_works(const struct virtio_dev *dev);

/* Device configuration: little-endian fields. A field beyond what the device has reads as 0. */
uint8_t virtio_config8(const struct virtio_dev *dev, unsigned offset);
uint16_t virtio_config16(const struct virtio_dev *dev, unsigned offset);
uint32_t virtio_config32(const struct virtio_dev *dev, unsigned offset);
uint64_t virtio_config64(const struct virtio_dev *dev, unsigned offset);

/* The calls below are for any context, with preemption disabled. */

/* Descriptors in all. */
unsigned virtq_size(const struct virtq *q);
/* Free descriptors: a request of n pieces takes n of them. */
unsigned virtq_room(const struct virtq *q);

/*
 * Queue a request: @out pieces that the device reads, then @in pieces that it writes. @cookie, not NULL, comes back from
 * virtq_take(). Returns 0, -ENOSPC while there is no room, or -EIO when the queue is broken.
 */
int virtq_add(struct virtq *q, const struct virtq_piece *pieces, unsigned out, unsigned in, void *cookie);
/* Tell the device about what was added, unless it asked not to be told. */
void virtq_kick(struct virtq *q);
/*
 * A finished request: its cookie, and in *@length how many bytes the device says it wrote, never more than it was given to write. NULL if
 * there is none, or the queue is broken.
 */
void *virtq_take(struct virtq *q, uint32_t *length);
/* Did the device return what it was not given? Then nothing comes from the queue any more; a line in the log said so. */
bool virtq_broken(const struct virtq *q);

#endif
