/* SPDX-License-Identifier: BSD-3-Clause */
/* The PCI transport (virtio 1.2, section 4.1). */
#include <core/errno.h>
#include <core/log.h>

#include "internal.h"

#define CAP_COMMON 1
#define CAP_NOTIFY 2
#define CAP_DEVICE 4

/* Offsets in the common configuration (4.1.4.3). */
#define COMMON_DEVICE_FEATURE_SELECT 0x00
#define COMMON_DEVICE_FEATURE 0x04
#define COMMON_DRIVER_FEATURE_SELECT 0x08
#define COMMON_DRIVER_FEATURE 0x0c
#define COMMON_MSIX_CONFIG 0x10
#define COMMON_STATUS 0x14
#define COMMON_QUEUE_SELECT 0x16
#define COMMON_QUEUE_SIZE 0x18
#define COMMON_QUEUE_MSIX 0x1a
#define COMMON_QUEUE_ENABLE 0x1c
#define COMMON_QUEUE_NOTIFY 0x1e
#define COMMON_QUEUE_DESC 0x20
#define COMMON_QUEUE_DRIVER 0x28
#define COMMON_QUEUE_DEVICE 0x30
#define COMMON_SIZE 0x38

#define STATUS_ACKNOWLEDGE 1
#define STATUS_DRIVER 2
#define STATUS_DRIVER_OK 4
#define STATUS_FEATURES_OK 8
#define STATUS_FAILED 128

#define NO_VECTOR 0xffff

static uint8_t read8(const struct virtio_dev *dev, unsigned offset)
{
	return dev->common[offset];
}

static void write8(struct virtio_dev *dev, unsigned offset, uint8_t v)
{
	dev->common[offset] = v;
}

static uint16_t read16(const struct virtio_dev *dev, unsigned offset)
{
	return *(volatile uint16_t *)(dev->common + offset);
}

static void write16(struct virtio_dev *dev, unsigned offset, uint16_t v)
{
	*(volatile uint16_t *)(dev->common + offset) = v;
}

static uint32_t read32(const struct virtio_dev *dev, unsigned offset)
{
	return *(volatile uint32_t *)(dev->common + offset);
}

static void write32(struct virtio_dev *dev, unsigned offset, uint32_t v)
{
	*(volatile uint32_t *)(dev->common + offset) = v;
}

/* 64-bit fields are written as two halves, which 4.1.3.1 always allows. */
static void write64(struct virtio_dev *dev, unsigned offset, uint64_t v)
{
	write32(dev, offset, v);
	write32(dev, offset + 4, v >> 32);
}

static volatile void *map_cap(struct pci_dev *pci, unsigned cap)
{
	return pci_map_bar(pci, pci_read8(pci, cap + 4), pci_read32(pci, cap + 8), pci_read32(pci, cap + 12));
}

static int find_structures(struct virtio_dev *dev)
{
	struct pci_dev *pci = dev->pci;

	for (unsigned cap = 0; (cap = pci_find_cap(pci, PCI_CAP_VENDOR, cap));) {
		uint8_t type = pci_read8(pci, cap + 3);

		if (type == CAP_COMMON && !dev->common && pci_read32(pci, cap + 12) >= COMMON_SIZE) {
			dev->common = map_cap(pci, cap);
		} else if (type == CAP_NOTIFY && !dev->notify) {
			dev->notify = map_cap(pci, cap);
			dev->notify_multiplier = pci_read32(pci, cap + 16);
		} else if (type == CAP_DEVICE && !dev->config) {
			dev->config = map_cap(pci, cap);
			dev->config_size = pci_read32(pci, cap + 12);
		}
	}
	return dev->common && dev->notify ? 0 : -ENODEV;
}

static uint64_t offered_features(struct virtio_dev *dev)
{
	write32(dev, COMMON_DEVICE_FEATURE_SELECT, 0);
	uint64_t features = read32(dev, COMMON_DEVICE_FEATURE);

	write32(dev, COMMON_DEVICE_FEATURE_SELECT, 1);
	return features | (uint64_t)read32(dev, COMMON_DEVICE_FEATURE) << 32;
}

static int negotiate(struct virtio_dev *dev, uint64_t wanted)
{
	wanted |= 1ull << FEATURE_VERSION_1 | 1ull << FEATURE_EVENT_IDX;
	dev->features = offered_features(dev) & wanted;
	if (!virtio_has(dev, FEATURE_VERSION_1))
		return -EOPNOTSUPP;
	write32(dev, COMMON_DRIVER_FEATURE_SELECT, 0);
	write32(dev, COMMON_DRIVER_FEATURE, dev->features);
	write32(dev, COMMON_DRIVER_FEATURE_SELECT, 1);
	write32(dev, COMMON_DRIVER_FEATURE, dev->features >> 32);
	write8(dev, COMMON_STATUS, STATUS_ACKNOWLEDGE | STATUS_DRIVER | STATUS_FEATURES_OK);
	return read8(dev, COMMON_STATUS) & STATUS_FEATURES_OK ? 0 : -EOPNOTSUPP;
}

int virtio_start(struct virtio_dev *dev, struct pci_dev *pci, const char *kind, uint64_t wanted)
{
	*dev = (struct virtio_dev){ .pci = pci, .kind = kind };
	pci_enable(pci);
	int ret = find_structures(dev);

	if (ret) {
		pr_err("%s %s: not a virtio 1.x device", kind, pci->name);
		return ret;
	}
	ret = pci_msix_enable(pci);
	if (ret < 0) {
		pr_err("%s %s: no MSI-X: errno %d", kind, pci->name, -ret);
		return ret;
	}
	write8(dev, COMMON_STATUS, 0);
	while (read8(dev, COMMON_STATUS))
		;
	write8(dev, COMMON_STATUS, STATUS_ACKNOWLEDGE);
	write8(dev, COMMON_STATUS, STATUS_ACKNOWLEDGE | STATUS_DRIVER);
	write16(dev, COMMON_MSIX_CONFIG, NO_VECTOR);
	ret = negotiate(dev, wanted);
	if (ret) {
		write8(dev, COMMON_STATUS, STATUS_FAILED);
		pr_err("%s %s: feature negotiation failed: offered 0x%lx", kind, pci->name, offered_features(dev));
	}
	return ret;
}

static struct virtq *make_queue(struct virtio_dev *dev, unsigned index, unsigned max_size, irq_handler_t handler, void *arg)
{
	struct virtq_addresses at;

	write16(dev, COMMON_QUEUE_SELECT, index);
	unsigned size = MIN(read16(dev, COMMON_QUEUE_SIZE), max_size);

	if (!size)
		return NULL;
	volatile uint8_t *doorbell = dev->notify + read16(dev, COMMON_QUEUE_NOTIFY) * dev->notify_multiplier;
	struct virtq *q = virtq_create(size, index, (volatile uint16_t *)doorbell, virtio_has(dev, FEATURE_EVENT_IDX), &at);

	if (!q)
		return NULL;
	/* Entry n serves queue n; a device with fewer entries than queues shares the last one. */
	unsigned entry = MIN(index, dev->pci->msix_count - 1);

	if (pci_msix_set(dev->pci, entry, handler, arg))
		return NULL;
	write16(dev, COMMON_QUEUE_SIZE, size);
	write16(dev, COMMON_QUEUE_MSIX, entry);
	if (read16(dev, COMMON_QUEUE_MSIX) == NO_VECTOR)
		return NULL;
	write64(dev, COMMON_QUEUE_DESC, at.descriptors);
	write64(dev, COMMON_QUEUE_DRIVER, at.driver);
	write64(dev, COMMON_QUEUE_DEVICE, at.device);
	write16(dev, COMMON_QUEUE_ENABLE, 1);
	return q;
}

struct virtq *virtio_queue(struct virtio_dev *dev, unsigned index, unsigned max_size, irq_handler_t handler, void *arg)
{
	struct virtq *q = make_queue(dev, index, max_size, handler, arg);

	if (!q) {
		pr_err("%s %s: queue %u cannot be set up", dev->kind, dev->pci->name, index);
		write8(dev, COMMON_STATUS, STATUS_FAILED);
	}
	return q;
}

void virtio_ready(struct virtio_dev *dev)
{
	write8(dev, COMMON_STATUS, STATUS_ACKNOWLEDGE | STATUS_DRIVER | STATUS_FEATURES_OK | STATUS_DRIVER_OK);
}

static bool has_config(const struct virtio_dev *dev, unsigned offset, unsigned size)
{
	return dev->config && offset + size <= dev->config_size;
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
	return virtio_config32(dev, offset) | (uint64_t)virtio_config32(dev, offset + 4) << 32;
}
