/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef VIRTIO_INTERNAL_H
#define VIRTIO_INTERNAL_H

#include <drivers/virtio.h>

#define FEATURE_EVENT_IDX 29
#define FEATURE_VERSION_1 32
#define FEATURE_ACCESS_PLATFORM 33

/* Offsets in the common configuration (4.1.4.3). */
#define COMMON_DEVICE_FEATURE_SELECT 0x00
#define COMMON_DEVICE_FEATURE 0x04
#define COMMON_DRIVER_FEATURE_SELECT 0x08
#define COMMON_DRIVER_FEATURE 0x0c
#define COMMON_MSIX_CONFIG 0x10
#define COMMON_STATUS 0x14
#define COMMON_GENERATION 0x15
#define COMMON_QUEUE_SELECT 0x16
#define COMMON_QUEUE_SIZE 0x18
#define COMMON_QUEUE_MSIX 0x1a
#define COMMON_QUEUE_ENABLE 0x1c
#define COMMON_QUEUE_NOTIFY 0x1e
#define COMMON_QUEUE_DESC 0x20
#define COMMON_QUEUE_DRIVER 0x28
#define COMMON_QUEUE_DEVICE 0x30
#define COMMON_SIZE 0x38

/* Where the three parts of a queue are, for the device. */
struct virtq_addresses {
	paddr_t descriptors, driver, device;
};

/* registers.c: the common configuration, at one of the offsets above. 64-bit fields are written as two halves. */
uint8_t virtio_read8(const struct virtio_dev *dev, unsigned offset);
uint16_t virtio_read16(const struct virtio_dev *dev, unsigned offset);
uint32_t virtio_read32(const struct virtio_dev *dev, unsigned offset);
void virtio_write8(struct virtio_dev *dev, unsigned offset, uint8_t v);
void virtio_write16(struct virtio_dev *dev, unsigned offset, uint16_t v);
void virtio_write32(struct virtio_dev *dev, unsigned offset, uint32_t v);
void virtio_write64(struct virtio_dev *dev, unsigned offset, uint64_t v);

#define NO_VECTOR 0xffff

/*
 * interrupt.c: have @handler(@arg) called for queue @index. Returns the MSI-X entry for the device, or NO_VECTOR when the queue is polled
 * because there is no interrupt left for it. -ENOMEM otherwise.
 */
int virtio_interrupt(struct virtio_dev *dev, unsigned index, irq_handler_t handler, void *arg);

/* watch.c: look after @dev, which is ready, from now on. Thread context. */
void virtio_watch(struct virtio_dev *dev);

/* queue.c: @q is the first of a list, for virtq_any_broken(). */
void virtq_link(struct virtq *q, struct virtq *next);
/* Did the device break one of the list's queues? Any context. */
bool virtq_any_broken(const struct virtq *queues);

/* A queue of @size entries, a power of 2; @doorbell is where to write @index. NULL without memory. */
struct virtq *virtq_create(unsigned size, unsigned index, volatile uint16_t *doorbell, bool event_idx,
                           struct virtq_addresses *addresses);

#endif
