/* SPDX-License-Identifier: BSD-3-Clause */
/* Device configuration (virtio 1.2, section 2.5): never beyond what the device has. */
#include "internal.h"

/* The device counts its changes, so that a field of two words is seen whole; one that changes all the time is not waited for. */
#define TRIES 16

static bool has_config(const struct virtio_dev *dev, unsigned offset, unsigned size)
{
	return dev->config && dev->config_size >= size && offset <= dev->config_size - size;
}

uint8_t virtio_config8(const struct virtio_dev *dev, unsigned offset)
{
	return has_config(dev, offset, 1) ? dev->config[offset] : 0;
}

uint16_t virtio_config16(const struct virtio_dev *dev, unsigned offset)
{
	return has_config(dev, offset, 2) ? *(volatile uint16_t *)(dev->config + offset) : 0;
}

uint32_t virtio_config32(const struct virtio_dev *dev, unsigned offset)
{
	return has_config(dev, offset, 4) ? *(volatile uint32_t *)(dev->config + offset) : 0;
}

uint64_t virtio_config64(const struct virtio_dev *dev, unsigned offset)
{
	uint64_t value = 0;

	for (unsigned i = 0; i < TRIES; i++) {
		uint8_t generation = virtio_read8(dev, COMMON_GENERATION);

		value = virtio_config32(dev, offset) | (uint64_t)virtio_config32(dev, offset + 4) << 32;
		if (virtio_read8(dev, COMMON_GENERATION) == generation)
			break;
	}
	return value;
}
