/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A virtio device whose capabilities and registers hold anything, and change: the driver touches only what it mapped, asks for no more
 * than it may, and ends.
 * sources: drivers/virtio/pci.c drivers/virtio/config.c drivers/virtio/interrupt.c drivers/virtio/queue.c tests/fuzz/stubs/quiet.c tests/host/stubs/sched.c
 */
#include <core/errno.h>
#include <core/string.h>
#include <core/time.h>
#include <core/timer.h>

#include "../../../drivers/virtio/internal.h"
#include "../fuzz.h"

#define QUEUES 3
#define ENTRIES_MAX 256
#define ALLOCATED_MAX 32

static struct input in;
static uint8_t space[256]; /* PCI configuration space */
static uint64_t now;
/* What a device and its queues keep for ever is freed here after each input. */
static void *allocated[ALLOCATED_MAX];
static unsigned allocated_count;

static void *keep(size_t size)
{
	CHECK(allocated_count < ALLOCATED_MAX);
	return allocated[allocated_count++] = memset(malloc(size), 0, size);
}

void *kzalloc(size_t size)
{
	CHECK(size <= 1 << 20);
	return keep(size);
}

void kfree(void *p __unused)
{
}

paddr_t virt_to_phys(const void *p)
{
	return (paddr_t)p;
}

uint64_t time_monotonic(void)
{
	return now += NSEC_PER_MSEC;
}

void time_sleep_until(uint64_t deadline)
{
	now = MAX(now, deadline);
}

void virtio_watch(struct virtio_dev *dev __unused)
{
}

void timer_init(struct timer *t __unused, void (*fn)(struct timer *t) __unused)
{
}

void timer_set(struct timer *t __unused, uint64_t deadline __unused)
{
}

uint8_t pci_read8(const struct pci_dev *dev __unused, unsigned offset)
{
	CHECK(offset < sizeof(space));
	return space[offset];
}

uint32_t pci_read32(const struct pci_dev *dev __unused, unsigned offset)
{
	uint32_t value;

	CHECK(offset <= sizeof(space) - 4);
	memcpy(&value, space + offset, 4);
	return value;
}

/* Five capabilities, each whole within the space, as drivers/pci finds them. */
unsigned pci_find_cap(const struct pci_dev *dev __unused, uint8_t id, unsigned after)
{
	unsigned next = after ? after + 24 : 64;

	CHECK(id == PCI_CAP_VENDOR);
	return next <= 64 + 4 * 24 ? next : 0;
}

void pci_enable(const struct pci_dev *dev __unused)
{
}

/* Memory of exactly the size that was asked for: whatever is touched behind it is seen. */
volatile void *pci_map_bar(struct pci_dev *dev __unused, unsigned bar, uint32_t offset __unused, size_t size)
{
	return bar > 5 || !size || size > 65536 ? NULL : keep(size);
}

int pci_msix_enable(struct pci_dev *dev)
{
	dev->msix_count = take8(&in) % 4;
	return dev->msix_count ? (int)dev->msix_count : -ENODEV;
}

int pci_msix_attach(struct pci_dev *dev, unsigned entry, irq_handler_t handler __unused, void *arg __unused)
{
	CHECK(entry < dev->msix_count);
	return take8(&in) % 4 ? 0 : -ENOSPC;
}

/* A register holds what was written to it last, or what the device likes. */
static uint32_t read_register(const struct virtio_dev *dev, unsigned offset, unsigned size)
{
	uint32_t value = 0;

	CHECK(offset + size <= COMMON_SIZE);
	memcpy(&value, (const void *)(dev->common + offset), size);
	return take8(&in) % 2 ? take32(&in) : value;
}

static void write_register(struct virtio_dev *dev, unsigned offset, uint32_t v, unsigned size)
{
	CHECK(offset + size <= COMMON_SIZE);
	memcpy((void *)(dev->common + offset), &v, size);
}

uint8_t virtio_read8(const struct virtio_dev *dev, unsigned offset)
{
	return read_register(dev, offset, 1);
}

uint16_t virtio_read16(const struct virtio_dev *dev, unsigned offset)
{
	return read_register(dev, offset, 2);
}

uint32_t virtio_read32(const struct virtio_dev *dev, unsigned offset)
{
	return read_register(dev, offset, 4);
}

void virtio_write8(struct virtio_dev *dev, unsigned offset, uint8_t v)
{
	write_register(dev, offset, v, 1);
}

void virtio_write16(struct virtio_dev *dev, unsigned offset, uint16_t v)
{
	write_register(dev, offset, v, 2);
}

void virtio_write32(struct virtio_dev *dev, unsigned offset, uint32_t v)
{
	write_register(dev, offset, v, 4);
}

void virtio_write64(struct virtio_dev *dev, unsigned offset, uint64_t v)
{
	write_register(dev, offset, v, 4);
	write_register(dev, offset + 4, v >> 32, 4);
}

static void handler(void *arg __unused)
{
}

static void use(struct virtio_dev *dev)
{
	struct virtq *queues[QUEUES];
	struct virtq_piece piece = { 4096, 512 };
	uint32_t length;

	for (unsigned i = 0; i < QUEUES; i++) {
		queues[i] = virtio_queue(dev, i, ENTRIES_MAX, handler, NULL);
		if (!queues[i])
			return;
		CHECK(virtq_size(queues[i]) && virtq_size(queues[i]) <= ENTRIES_MAX);
	}
	virtio_ready(dev, handler, NULL);
	for (unsigned i = 0; i < QUEUES; i++) {
		CHECK_EQ(virtq_add(queues[i], &piece, 0, 1, &piece), 0);
		virtq_kick(queues[i]);
		CHECK(!virtq_take(queues[i], &length));
	}
	for (unsigned i = 0; i < 8; i++)
		virtio_config64(dev, take16(&in) % 2048 * 4);
	virtio_stop(dev);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const uint8_t types[] = { 1, 2, 4 };
	struct pci_dev pci = { .name = "00:01.0" };
	struct virtio_dev dev;

	in = (struct input){ data, size };
	now = NSEC_PER_SEC;
	memset(space, 0, sizeof(space));
	/* Mostly well-formed, with some of the input's bytes in between. */
	for (unsigned i = 0; i < 5; i++) {
		uint8_t *cap = space + 64 + 24 * i;

		cap[2] = 20;
		cap[3] = types[i % 3];
		cap[12] = 64;
		for (unsigned n = take8(&in) % 4; n; n--)
			cap[2 + take8(&in) % 18] = take8(&in);
	}
	if (!virtio_start(&dev, &pci, "virtio-test", take32(&in)))
		use(&dev);
	while (allocated_count)
		free(allocated[--allocated_count]);
	return 0;
}
