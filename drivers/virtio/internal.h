/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef VIRTIO_INTERNAL_H
#define VIRTIO_INTERNAL_H

#include <drivers/virtio.h>

#define FEATURE_EVENT_IDX 29
#define FEATURE_VERSION_1 32

/* Where the three parts of a queue are, for the device. */
struct virtq_addresses {
	paddr_t descriptors, driver, device;
};

/* A queue of @size entries, a power of 2; @doorbell is where to write @index. NULL without memory. */
struct virtq *virtq_create(unsigned size, unsigned index, volatile uint16_t *doorbell, bool event_idx,
                           struct virtq_addresses *addresses);

#endif
