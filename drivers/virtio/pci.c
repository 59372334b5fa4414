/* SPDX-License-Identifier: BSD-3-Clause */
/* The PCI transport (virtio 1.2, section 4.1): finding a device's structures, reset, negotiation, queues. Nothing the device says is believed unchecked. */
#include <core/errno.h>
#include <core/log.h>
#include <core/time.h>

#include "internal.h"

#define CAP_COMMON 1
#define CAP_NOTIFY 2
#define CAP_DEVICE 4

/* Offsets in a capability (4.1.4). */
#define CAP_LENGTH 2
#define CAP_TYPE 3
#define CAP_BAR 4
#define CAP_OFFSET 8
#define CAP_SIZE 12
#define CAP_MULTIPLIER 16

#define STATUS_ACKNOWLEDGE 1
#define STATUS_DRIVER 2
#define STATUS_DRIVER_OK 4
#define STATUS_FEATURES_OK 8
#define STATUS_NEEDS_RESET 64
#define STATUS_FAILED 128

#define RESET_TIME NSEC_PER_SEC
#define RESET_POLL NSEC_PER_MSEC
#define STOP_TRIES 1000
#define QUEUE_SIZE_MAX 32768 /* 2.7 */
#define CONFIG_SIZE_MAX 4096 /* no device type has more */

/* Map @size bytes of the structure that @cap describes, which must be there and aligned. NULL after a line in the log. */
static volatile void *map_structure(struct virtio_dev *dev, unsigned cap, unsigned align, size_t size)
{
	uint32_t offset = pci_read32(dev->pci, cap + CAP_OFFSET);

	if (offset % align) {
		pr_err("%s %s: structure at 0x%x is not aligned", dev->kind, dev->pci->name, offset);
		return NULL;
	}
	return pci_map_bar(dev->pci, pci_read8(dev->pci, cap + CAP_BAR), offset, size);
}

static void take_structure(struct virtio_dev *dev, unsigned cap)
{
	uint8_t type = pci_read8(dev->pci, cap + CAP_TYPE);
	uint32_t size = pci_read32(dev->pci, cap + CAP_SIZE);

	if (pci_read8(dev->pci, cap + CAP_LENGTH) < (type == CAP_NOTIFY ? CAP_MULTIPLIER + 4 : CAP_MULTIPLIER))
		return;
	if (type == CAP_COMMON && !dev->common && size >= COMMON_SIZE) {
		dev->common = map_structure(dev, cap, 4, COMMON_SIZE);
	} else if (type == CAP_NOTIFY && !dev->notify && size >= 2) {
		dev->notify = map_structure(dev, cap, 2, size);
		dev->notify_size = size;
		dev->notify_multiplier = pci_read32(dev->pci, cap + CAP_MULTIPLIER);
	} else if (type == CAP_DEVICE && !dev->config && size) {
		dev->config_size = MIN(size, (uint32_t)CONFIG_SIZE_MAX);
		dev->config = map_structure(dev, cap, 4, dev->config_size);
	}
}

static int find_structures(struct virtio_dev *dev)
{
	unsigned left = PCI_CAP_MAX;

	for (unsigned cap = 0; left-- && (cap = pci_find_cap(dev->pci, PCI_CAP_VENDOR, cap));)
		take_structure(dev, cap);
	return dev->common && dev->notify ? 0 : -ENODEV;
}

static uint64_t offered_features(struct virtio_dev *dev)
{
	virtio_write32(dev, COMMON_DEVICE_FEATURE_SELECT, 0);
	uint64_t features = virtio_read32(dev, COMMON_DEVICE_FEATURE);

	virtio_write32(dev, COMMON_DEVICE_FEATURE_SELECT, 1);
	return features | (uint64_t)virtio_read32(dev, COMMON_DEVICE_FEATURE) << 32;
}

/* An IOMMU, if there is one, is off: ACCESS_PLATFORM asks for addresses as it takes them, and it takes physical ones. */
static int negotiate(struct virtio_dev *dev, uint64_t wanted)
{
	wanted |= 1ull << FEATURE_VERSION_1 | 1ull << FEATURE_EVENT_IDX | 1ull << FEATURE_ACCESS_PLATFORM;
	dev->features = offered_features(dev) & wanted;
	if (!virtio_has(dev, FEATURE_VERSION_1))
		return -EOPNOTSUPP;
	virtio_write32(dev, COMMON_DRIVER_FEATURE_SELECT, 0);
	virtio_write32(dev, COMMON_DRIVER_FEATURE, (uint32_t)dev->features);
	virtio_write32(dev, COMMON_DRIVER_FEATURE_SELECT, 1);
	virtio_write32(dev, COMMON_DRIVER_FEATURE, (uint32_t)(dev->features >> 32));
	virtio_write8(dev, COMMON_STATUS, STATUS_ACKNOWLEDGE | STATUS_DRIVER | STATUS_FEATURES_OK);
	return virtio_read8(dev, COMMON_STATUS) & STATUS_FEATURES_OK ? 0 : -EOPNOTSUPP;
}

static int reset(struct virtio_dev *dev)
{
	uint64_t deadline = time_monotonic() + RESET_TIME;

	virtio_write8(dev, COMMON_STATUS, 0);
	while (virtio_read8(dev, COMMON_STATUS)) {
		uint64_t now = time_monotonic();

		if (now >= deadline)
			return -ETIMEDOUT;
		time_sleep_until(now + RESET_POLL);
	}
	return 0;
}

/* Any context, so without sleeping: a device that takes its time goes on by itself. */
void virtio_stop(struct virtio_dev *dev)
{
	WRITE_ONCE(dev->ready, false);
	virtio_write8(dev, COMMON_STATUS, 0);
	for (unsigned i = 0; i < STOP_TRIES && virtio_read8(dev, COMMON_STATUS); i++)
		;
}

/* Where there is no device any more, all bits that are read are equal: 1 on hardware, 0 under QEMU. */
bool virtio_works(const struct virtio_dev *dev)
{
	return (virtio_read8(dev, COMMON_STATUS) & (STATUS_DRIVER_OK | STATUS_NEEDS_RESET)) == STATUS_DRIVER_OK;
}

static int fail(struct virtio_dev *dev, const char *why)
{
	pr_err("%s %s: %s", dev->kind, dev->pci->name, why);
	return -ENODEV;
}

int virtio_start(struct virtio_dev *dev, struct pci_dev *pci, const char *kind, uint64_t wanted)
{
	*dev = (struct virtio_dev){ .pci = pci, .kind = kind };
	pci_enable(pci);
	if (find_structures(dev))
		return fail(dev, "not a virtio 1.x device");
	int ret = pci_msix_enable(pci);

	if (ret < 0 && ret != -ENODEV)
		return fail(dev, "the MSI-X table cannot be used");
	if (reset(dev))
		return fail(dev, "does not end its reset");
	virtio_write8(dev, COMMON_STATUS, STATUS_ACKNOWLEDGE);
	virtio_write8(dev, COMMON_STATUS, STATUS_ACKNOWLEDGE | STATUS_DRIVER);
	virtio_write16(dev, COMMON_MSIX_CONFIG, NO_VECTOR);
	if (negotiate(dev, wanted)) {
		pr_err("%s %s: feature negotiation failed: offered 0x%lx", kind, pci->name, offered_features(dev));
		virtio_write8(dev, COMMON_STATUS, STATUS_FAILED);
		return -ENODEV;
	}
	return 0;
}

/* Where queue @COMMON_QUEUE_SELECT is kicked; NULL if that is not within the notification structure. */
static volatile uint16_t *find_doorbell(const struct virtio_dev *dev)
{
	uint64_t at = (uint64_t)virtio_read16(dev, COMMON_QUEUE_NOTIFY) * dev->notify_multiplier;

	if (at % 2 || at + 2 > dev->notify_size)
		return NULL;
	return (volatile uint16_t *)(dev->notify + at);
}

/* What the device will use if @size is asked for; 0 if it cannot be used. Only split rings of a power of two exist. */
static unsigned choose_size(struct virtio_dev *dev, unsigned size)
{
	unsigned most = virtio_read16(dev, COMMON_QUEUE_SIZE);

	if (!most || most > QUEUE_SIZE_MAX || most & (most - 1))
		return 0;
	size = MIN(size, most);
	virtio_write16(dev, COMMON_QUEUE_SIZE, (uint16_t)size);
	return virtio_read16(dev, COMMON_QUEUE_SIZE) == size ? size : 0;
}

/* Returns NULL and why in *@why. */
static struct virtq *make_queue(struct virtio_dev *dev, unsigned index, unsigned max_size, irq_handler_t handler, void *arg,
                                const char **why)
{
	struct virtq_addresses at;

	virtio_write16(dev, COMMON_QUEUE_SELECT, (uint16_t)index);
	unsigned size = choose_size(dev, max_size);
	volatile uint16_t *doorbell = find_doorbell(dev);

	*why = !size ? "its size" : "its doorbell";
	if (!size || !doorbell)
		return NULL;
	struct virtq *q = virtq_create(size, index, doorbell, virtio_has(dev, FEATURE_EVENT_IDX), &at);
	int entry = q ? virtio_interrupt(dev, index, handler, arg) : -ENOMEM;

	*why = "memory";
	if (entry < 0)
		return NULL;
	virtio_write16(dev, COMMON_QUEUE_MSIX, (uint16_t)entry);
	*why = "its interrupt";
	if (virtio_read16(dev, COMMON_QUEUE_MSIX) != entry)
		return NULL;
	virtio_write64(dev, COMMON_QUEUE_DESC, at.descriptors);
	virtio_write64(dev, COMMON_QUEUE_DRIVER, at.driver);
	virtio_write64(dev, COMMON_QUEUE_DEVICE, at.device);
	virtio_write16(dev, COMMON_QUEUE_ENABLE, 1);
	return q;
}

struct virtq *virtio_queue(struct virtio_dev *dev, unsigned index, unsigned max_size, irq_handler_t handler, void *arg)
{
	const char *why;
	struct virtq *q = make_queue(dev, index, max_size, handler, arg, &why);

	if (!q) {
		pr_err("%s %s: queue %u cannot be set up: %s", dev->kind, dev->pci->name, index, why);
		virtio_write8(dev, COMMON_STATUS, STATUS_FAILED);
		virtio_stop(dev);
		return NULL;
	}
	virtq_link(q, dev->queues);
	dev->queues = q;
	return q;
}

int virtio_config_handler(struct virtio_dev *dev, unsigned queues, irq_handler_t handler, void *arg)
{
	int entry = virtio_interrupt(dev, queues, handler, arg);

	if (entry >= 0) {
		virtio_write16(dev, COMMON_MSIX_CONFIG, (uint16_t)entry);
		if (virtio_read16(dev, COMMON_MSIX_CONFIG) == entry)
			return 0;
		entry = -ENODEV;
	}
	pr_err("%s %s: no interrupt for changes of its configuration: errno %d", dev->kind, dev->pci->name, -entry);
	return entry;
}

void virtio_ready(struct virtio_dev *dev, irq_handler_t lost, void *arg)
{
	dev->lost = lost;
	dev->lost_arg = arg;
	WRITE_ONCE(dev->ready, true);
	virtio_write8(dev, COMMON_STATUS, STATUS_ACKNOWLEDGE | STATUS_DRIVER | STATUS_FEATURES_OK | STATUS_DRIVER_OK);
	virtio_watch(dev);
}
