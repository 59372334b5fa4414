/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The PCI transport against a model device whose registers are wrong, one after the other: the device is refused with a line, nothing
 * outside of its BAR is touched, and nothing waits for ever. And MSI-X entries that several queues share.
 * sources: drivers/virtio/pci.c drivers/virtio/config.c drivers/virtio/interrupt.c drivers/virtio/queue.c
 * sources: drivers/pci/bar.c drivers/pci/msix.c tests/host/stubs/alloc.c tests/host/stubs/sched.c
 */
#include <core/errno.h>
#include <core/log.h>
#include <core/string.h>
#include <core/time.h>

#include "../../../../drivers/virtio/internal.h"
#include "../../host.h"

#define BAR_SIZE 0x4000u
#define BAR_START 0xfe000000u
#define CONFIG_AT 0x1000u
#define NOTIFY_AT 0x2000u
#define TABLE_AT 0x3000u
#define NOTIFY_SIZE 0x100u

#define CAP_COMMON_AT 0x40u
#define CAP_NOTIFY_AT 0x50u
#define CAP_DEVICE_AT 0x68u
#define CAP_MSIX_AT 0x80u

#define FEATURES (1ull << FEATURE_VERSION_1 | 1ull << FEATURE_EVENT_IDX)

/* What the model says; good_device() is one that keeps to the specification. */
static struct {
	uint8_t space[256]; /* configuration space */
	uint8_t status, generation;
	uint16_t queue_size, size_as_set, notify_offset, vector_given;
	uint64_t features;
	uint32_t select;
	bool never_resets, refuses_vectors, refuses_features, keeps_size, changes_always;
	unsigned size_reads;
} model;

static uint8_t bar[BAR_SIZE] __aligned(4096);
static unsigned lines, vectors_left, vectors_used, timers;
static struct {
	irq_handler_t fn;
	void *arg;
} vectors[64];
static struct timer *last_timer;
static uint64_t now;

void log_printf(enum log_level level, const char *fmt, ...)
{
	(void)level;
	(void)fmt;
	lines++;
}

void virtio_watch(struct virtio_dev *dev)
{
	CHECK(dev->ready && dev->lost);
}

paddr_t virt_to_phys(const void *p)
{
	return (paddr_t)p;
}

uint64_t time_monotonic(void)
{
	return ++now;
}

void time_sleep_until(uint64_t deadline)
{
	now = MAX(now, deadline);
}

void timer_init(struct timer *t, void (*fn)(struct timer *t))
{
	t->fn = fn;
}

void timer_set(struct timer *t, uint64_t deadline)
{
	(void)deadline;
	last_timer = t;
	timers++;
}

void *vmem_map_device(paddr_t pa, size_t size)
{
	CHECK(pa >= BAR_START && size && pa + size <= BAR_START + BAR_SIZE);
	return bar + (pa - BAR_START);
}

int plat_irq_alloc_msi(irq_handler_t handler, void *arg, struct msi_message *msg)
{
	if (!vectors_left)
		return -ENOSPC;
	vectors_left--;
	vectors[vectors_used].fn = handler;
	vectors[vectors_used].arg = arg;
	*msg = (struct msi_message){ 0xfee00000, 0x30 + vectors_used };
	return 0x30 + (int)vectors_used++;
}

/* Configuration space: BAR 0 has BAR_SIZE bytes, the others are not there. */
uint32_t pci_read32(const struct pci_dev *dev, unsigned offset)
{
	uint32_t v;

	(void)dev;
	CHECK(offset + 4 <= sizeof(model.space));
	memcpy(&v, model.space + offset, 4);
	return v;
}

uint16_t pci_read16(const struct pci_dev *dev, unsigned offset)
{
	return (uint16_t)(pci_read32(dev, offset & ~3u) >> (offset & 2) * 8);
}

uint8_t pci_read8(const struct pci_dev *dev, unsigned offset)
{
	return (uint8_t)(pci_read32(dev, offset & ~3u) >> (offset & 3) * 8);
}

static void poke(unsigned offset, uint32_t v, unsigned size)
{
	memcpy(model.space + offset, &v, size);
}

void pci_write16(const struct pci_dev *dev, unsigned offset, uint16_t v)
{
	(void)dev;
	poke(offset, v, 2);
}

void pci_write32(const struct pci_dev *dev, unsigned offset, uint32_t v)
{
	(void)dev;
	CHECK(offset >= PCI_BAR0 && offset < PCI_BAR0 + 24);
	CHECK(!(model.space[PCI_COMMAND] & PCI_COMMAND_MEMORY));
	poke(offset, offset == PCI_BAR0 ? v & ~(BAR_SIZE - 1) : 0, 4);
}

uint8_t virtio_read8(const struct virtio_dev *dev, unsigned offset)
{
	CHECK(dev->common == bar);
	if (offset == COMMON_GENERATION)
		return model.changes_always ? ++model.generation : model.generation;
	CHECK_EQ(offset, COMMON_STATUS);
	return model.status;
}

void virtio_write8(struct virtio_dev *dev, unsigned offset, uint8_t v)
{
	(void)dev;
	CHECK_EQ(offset, COMMON_STATUS);
	if (v || !model.never_resets)
		model.status = model.refuses_features ? v & ~8 : v;
}

uint16_t virtio_read16(const struct virtio_dev *dev, unsigned offset)
{
	(void)dev;
	switch (offset) {
	case COMMON_QUEUE_SIZE:
		return model.size_as_set && !model.keeps_size ? model.size_as_set : model.queue_size;
	case COMMON_QUEUE_NOTIFY:
		return model.notify_offset;
	case COMMON_QUEUE_MSIX:
		return model.refuses_vectors ? NO_VECTOR : model.vector_given;
	}
	CHECK(false);
	return 0;
}

void virtio_write16(struct virtio_dev *dev, unsigned offset, uint16_t v)
{
	(void)dev;
	if (offset == COMMON_QUEUE_SIZE)
		model.size_as_set = v;
	if (offset == COMMON_QUEUE_MSIX)
		model.vector_given = v;
	if (offset == COMMON_QUEUE_SELECT)
		model.size_as_set = 0;
}

uint32_t virtio_read32(const struct virtio_dev *dev, unsigned offset)
{
	(void)dev;
	CHECK_EQ(offset, COMMON_DEVICE_FEATURE);
	return (uint32_t)(model.select ? model.features >> 32 : model.features);
}

void virtio_write32(struct virtio_dev *dev, unsigned offset, uint32_t v)
{
	(void)dev;
	if (offset == COMMON_DEVICE_FEATURE_SELECT)
		model.select = v;
}

void virtio_write64(struct virtio_dev *dev, unsigned offset, uint64_t v)
{
	(void)dev;
	(void)offset;
	CHECK(v);
}

static void add_cap(unsigned at, unsigned next, uint8_t type, uint32_t offset, uint32_t size)
{
	poke(at, PCI_CAP_VENDOR | next << 8 | 20u << 16 | (uint32_t)type << 24, 4);
	poke(at + 4, 0, 4); /* BAR 0 */
	poke(at + 8, offset, 4);
	poke(at + 12, size, 4);
	poke(at + 16, 4, 4); /* multiplier; only the notification structure has one */
}

static void good_device(unsigned entries)
{
	memset(&model, 0, sizeof(model));
	memset(bar, 0, sizeof(bar));
	poke(PCI_STATUS, PCI_STATUS_CAP_LIST, 2);
	poke(PCI_BAR0, BAR_START, 4);
	poke(PCI_CAP_POINTER, CAP_COMMON_AT, 1);
	add_cap(CAP_COMMON_AT, CAP_NOTIFY_AT, 1, 0, COMMON_SIZE);
	add_cap(CAP_DEVICE_AT, CAP_MSIX_AT, 4, CONFIG_AT, 64);
	add_cap(CAP_NOTIFY_AT, CAP_DEVICE_AT, 2, NOTIFY_AT, NOTIFY_SIZE);
	if (entries) {
		poke(CAP_MSIX_AT, PCI_CAP_MSIX | (entries - 1) << 16, 4);
		poke(CAP_MSIX_AT + 4, TABLE_AT, 4);
	}
	model.queue_size = 64;
	model.features = FEATURES;
	lines = vectors_used = timers = 0;
	vectors_left = 64;
}

static unsigned calls[8];

static void count(void *arg)
{
	calls[(uintptr_t)arg]++;
}

/* Returns 0, or -1 when the start, -2 when the queue failed. There is a line in the log exactly then. */
static int bring_up(struct virtio_dev *dev, struct pci_dev *pci)
{

	*pci = (struct pci_dev){ .name = "00:03.0" };
	int ret = virtio_start(dev, pci, "virtio-test", 0);

	if (ret) {
		CHECK_EQ(ret, -ENODEV);
		CHECK(lines);
		return -1;
	}
	CHECK_EQ(lines, 0);
	struct virtq *q = virtio_queue(dev, 0, 128, count, NULL);

	if (!q) {
		CHECK(lines && (!model.status || model.never_resets));
		return -2;
	}
	virtq_kick(q);
	return 0;
}

static int outcome(void)
{
	static struct virtio_dev dev;
	static struct pci_dev pci;

	return bring_up(&dev, &pci);
}

static void test_structures(void)
{
	static const unsigned caps[] = { CAP_COMMON_AT, CAP_NOTIFY_AT };

	good_device(4);
	CHECK_EQ(outcome(), 0);
	for (unsigned i = 0; i < ARRAY_SIZE(caps); i++) {
		static const uint32_t offsets[] = { BAR_SIZE, BAR_SIZE - 1, BAR_SIZE - 4, 0xfffffffc, 0x80000000, 1, 3 };

		for (unsigned j = 0; j < ARRAY_SIZE(offsets); j++) {
			good_device(4);
			poke(caps[i] + 8, offsets[j], 4);
			CHECK_EQ(outcome(), -1);
		}
		good_device(4);
		poke(caps[i] + 12, i ? 0xffffffff : COMMON_SIZE - 1, 4);
		CHECK_EQ(outcome(), -1);
		good_device(4);
		poke(caps[i] + 12, 0, 4);
		CHECK_EQ(outcome(), -1);
		for (unsigned number = 1; number < 8; number++) {
			good_device(4);
			poke(caps[i] + 4, number, 1); /* a BAR that is not there */
			CHECK_EQ(outcome(), -1);
		}
		good_device(4);
		poke(caps[i] + 2, 8, 1); /* shorter than its fields */
		CHECK_EQ(outcome(), -1);
	}
	/* A list that goes in a circle, without and with what is looked for. */
	good_device(4);
	poke(CAP_NOTIFY_AT + 1, CAP_COMMON_AT, 1);
	CHECK_EQ(outcome(), 0);
	good_device(4);
	poke(CAP_COMMON_AT + 1, CAP_COMMON_AT, 1);
	CHECK_EQ(outcome(), -1);
	good_device(4);
	poke(CAP_COMMON_AT + 1, 4, 1); /* into the header */
	CHECK_EQ(outcome(), -1);
	good_device(4);
	poke(CAP_MSIX_AT + 4, BAR_SIZE - 16, 4); /* a table of which one entry is within the BAR */
	CHECK_EQ(outcome(), -1);
}

static void test_negotiation(void)
{
	good_device(4);
	model.features = 0;
	CHECK_EQ(outcome(), -1);
	good_device(4);
	model.refuses_features = true;
	CHECK_EQ(outcome(), -1);
	good_device(4);
	model.never_resets = true;
	model.status = 0x40;
	uint64_t before = now;

	CHECK_EQ(outcome(), -1);
	CHECK(now - before < 2 * NSEC_PER_SEC);
}

static void test_queue(void)
{
	static const uint16_t sizes[] = { 0, 3, 100, 129, 0xffff, 0xfffe, 0x8001 };

	for (unsigned i = 0; i < ARRAY_SIZE(sizes); i++) {
		good_device(4);
		model.queue_size = sizes[i];
		CHECK_EQ(outcome(), -2);
	}
	static const uint16_t good[] = { 1, 2, 128, 1024, 0x8000 };

	for (unsigned i = 0; i < ARRAY_SIZE(good); i++) {
		good_device(4);
		model.queue_size = good[i];
		CHECK_EQ(outcome(), 0);
		CHECK_EQ(model.size_as_set, MIN(good[i], 128));
	}
	/* It would run over the end of rings that are smaller than it thinks. */
	good_device(4);
	model.queue_size = 256;
	model.keeps_size = true;
	CHECK_EQ(outcome(), -2);
	/* The doorbell: the last place, behind the end, far behind, odd. */
	good_device(4);
	model.notify_offset = NOTIFY_SIZE / 4 - 1;
	CHECK_EQ(outcome(), 0);
	good_device(4);
	model.notify_offset = NOTIFY_SIZE / 4;
	CHECK_EQ(outcome(), -2);
	good_device(4);
	model.notify_offset = 0xffff;
	poke(CAP_NOTIFY_AT + 16, 0xffffffff, 4);
	CHECK_EQ(outcome(), -2);
	good_device(4);
	model.notify_offset = 1;
	poke(CAP_NOTIFY_AT + 16, 1, 4);
	CHECK_EQ(outcome(), -2);
	good_device(4);
	model.refuses_vectors = true;
	CHECK_EQ(outcome(), -2);
}

static void test_config(void)
{
	static struct virtio_dev dev;
	static struct pci_dev pci;

	good_device(4);
	poke(CAP_DEVICE_AT + 12, 6, 4);
	CHECK_EQ(bring_up(&dev, &pci), 0);
	memset(bar + CONFIG_AT, 0x5a, 64);
	CHECK_EQ(virtio_config32(&dev, 0), 0x5a5a5a5a);
	CHECK_EQ(virtio_config16(&dev, 4), 0x5a5a);
	CHECK_EQ(virtio_config32(&dev, 4), 0); /* half of it */
	CHECK_EQ(virtio_config8(&dev, 6), 0);
	CHECK_EQ(virtio_config32(&dev, 0xfffffffe), 0);
	model.changes_always = true;
	CHECK_EQ(virtio_config64(&dev, 0), 0x5a5a5a5a);
}

/* @queues queues on @entries MSI-X entries, of which the processor has vectors for @room: whatever fires, each handler that it is for runs. */
static void test_interrupts(unsigned entries, unsigned queues, unsigned room)
{
	static struct pci_dev pci;
	static struct virtio_dev dev;

	good_device(entries);
	vectors_left = room;
	pci = (struct pci_dev){ .name = "00:03.0" };
	CHECK_EQ(virtio_start(&dev, &pci, "virtio-test", 0), 0);
	dev.ready = true;
	for (uintptr_t i = 0; i < queues; i++) {
		memset(calls, 0, sizeof(calls));
		int entry = virtio_interrupt(&dev, i, count, (void *)i);

		if (entry == NO_VECTOR) {
			last_timer->fn(last_timer);
		} else {
			const volatile uint32_t *e = (const volatile uint32_t *)(bar + TABLE_AT) + 4 * entry;

			CHECK(entry < (int)entries && !(e[3] & 1) && e[2] >= 0x30);
			vectors[e[2] - 0x30].fn(vectors[e[2] - 0x30].arg);
		}
		CHECK_EQ(calls[i], 1);
	}
	/* All that were ever attached still run. */
	memset(calls, 0, sizeof(calls));
	for (unsigned v = 0; v < vectors_used; v++)
		vectors[v].fn(vectors[v].arg);
	for (unsigned i = 0; i < queues; i++)
		CHECK_EQ(calls[i], entries && room ? 1 : 0);
	CHECK_EQ(dev.polled, !entries || !room);
	CHECK_EQ(lines, dev.polled);
	CHECK(!dev.polled || timers >= queues);
}

/* Queues, handlers and timers live as long as the machine. */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
	return "detect_leaks=0";
}

int main(void)
{
	test_structures();
	test_negotiation();
	test_queue();
	test_config();
	for (unsigned entries = 0; entries < 8; entries++)
		for (unsigned room = 0; room < 5; room++)
			test_interrupts(entries, 6, room);
	return 0;
}
