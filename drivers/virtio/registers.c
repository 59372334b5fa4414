/* SPDX-License-Identifier: BSD-3-Clause */
/* Access to the common configuration structure (virtio 1.2, section 4.1.4.3). */
#include "internal.h"

uint8_t virtio_read8(const struct virtio_dev *dev, unsigned offset)
{
	return dev->common[offset];
}

uint16_t virtio_read16(const struct virtio_dev *dev, unsigned offset)
{
	return *(volatile uint16_t *)(dev->common + offset);
}

uint32_t virtio_read32(const struct virtio_dev *dev, unsigned offset)
{
	return *(volatile uint32_t *)(dev->common + offset);
}

void virtio_write8(struct virtio_dev *dev, unsigned offset, uint8_t v)
{
	dev->common[offset] = v;
}

void virtio_write16(struct virtio_dev *dev, unsigned offset, uint16_t v)
{
	*(volatile uint16_t *)(dev->common + offset) = v;
}

void virtio_write32(struct virtio_dev *dev, unsigned offset, uint32_t v)
{
	*(volatile uint32_t *)(dev->common + offset) = v;
}

/* Two halves, which 4.1.3.1 always allows. */
void virtio_write64(struct virtio_dev *dev, unsigned offset, uint64_t v)
{
	virtio_write32(dev, offset, (uint32_t)v);
	virtio_write32(dev, offset + 4, (uint32_t)(v >> 32));
}
