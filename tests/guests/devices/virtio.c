/* SPDX-License-Identifier: BSD-3-Clause */
/* virtio-net by the legacy interface (virtio 1.2, section 4.1.4.10 and what else is marked legacy), polled. */
#include "guest.h"

#define DRIVER_FEATURES 0x04
#define QUEUE_PAGE 0x08
#define QUEUE_SIZE 0x0c
#define QUEUE_SELECT 0x0e
#define QUEUE_NOTIFY 0x10
#define STATUS 0x12
#define MAC 0x14
#define FEATURE_MAC (1u << 5)
#define FEATURE_ANY_LAYOUT (1u << 27)
#define ACKNOWLEDGED_DRIVER 3
#define DRIVER_OK 4
#define DESC_WRITE 2
#define HEADER_SIZE 10
#define SLOTS 16
#define SLOT_BYTES 2048
#define QUEUE_MAX 1024 /* of a queue: 7 pages */
#define RX_QUEUE ((uint8_t *)DMA_TABLE)
#define TX_QUEUE ((uint8_t *)DMA_TABLE + 0x8000)

struct descriptor {
	uint64_t address;
	uint32_t length;
	uint16_t flags, next;
};

struct queue {
	volatile struct descriptor *descriptors;
	volatile uint16_t *available; /* flags, index, ring */
	volatile uint16_t *used; /* flags, index, then pairs of 32 bits */
	unsigned number, size;
	uint16_t seen; /* of used */
};

static uint16_t base;
static struct queue rx, tx;
static uint8_t *const in = (uint8_t *)DMA_BUFFER, *const out = (uint8_t *)DMA_BUFFER + SLOTS * SLOT_BYTES;

static void make_queue(struct queue *q, unsigned number, uint8_t *at)
{
	unsigned rings;

	outw((uint16_t)(base + QUEUE_SELECT), (uint16_t)number);
	q->number = number;
	q->size = inw((uint16_t)(base + QUEUE_SIZE));
	q->seen = 0;
	if (q->size < SLOTS || q->size > QUEUE_MAX)
		return fail("virtio-net: a queue of %u", q->size);
	rings = q->size * sizeof(struct descriptor);
	memset(at, 0, 0x8000);
	q->descriptors = (void *)at;
	q->available = (void *)(at + rings);
	q->used = (void *)(at + ((rings + 6 + 2 * q->size + 4095) & ~4095u));
	outl((uint16_t)(base + QUEUE_PAGE), (uint32_t)at >> 12);
}

static void offer(struct queue *q, unsigned slot)
{
	q->available[2 + q->available[1] % q->size] = (uint16_t)slot;
	barrier();
	q->available[1]++;
	outw((uint16_t)(base + QUEUE_NOTIFY), (uint16_t)q->number);
}

static void start(uint32_t function, uint8_t mac[6])
{
	base = pci_read(function, PCI_BAR(0)) & 0xfffc;
	outb((uint16_t)(base + STATUS), 0);
	outb((uint16_t)(base + STATUS), ACKNOWLEDGED_DRIVER);
	outl((uint16_t)(base + DRIVER_FEATURES), FEATURE_MAC | FEATURE_ANY_LAYOUT);
	for (unsigned i = 0; i < 6; i++)
		mac[i] = inb((uint16_t)(base + MAC + i));
	make_queue(&rx, 0, RX_QUEUE);
	make_queue(&tx, 1, TX_QUEUE);
	outb((uint16_t)(base + STATUS), ACKNOWLEDGED_DRIVER | DRIVER_OK);
	for (unsigned i = 0; i < SLOTS; i++) {
		rx.descriptors[i].address = (uint32_t)in + i * SLOT_BYTES;
		rx.descriptors[i].length = SLOT_BYTES;
		rx.descriptors[i].flags = DESC_WRITE;
		offer(&rx, i);
	}
}

static bool send(const void *frame, unsigned size)
{
	uint64_t end = deadline_ms(1000);

	memset(out, 0, HEADER_SIZE);
	memcpy(out + HEADER_SIZE, frame, size);
	tx.descriptors[0].address = (uint32_t)out;
	tx.descriptors[0].length = HEADER_SIZE + size;
	offer(&tx, 0);
	while (tx.used[1] == tx.seen)
		if (past(end))
			return false;
	tx.seen++;
	return true;
}

static unsigned receive(void *frame)
{
	volatile uint32_t *entry = (volatile uint32_t *)(rx.used + 2) + 2 * (rx.seen % rx.size);
	unsigned slot, size;

	if (rx.used[1] == rx.seen)
		return 0;
	barrier();
	slot = entry[0];
	size = entry[1];
	rx.seen++;
	if (slot >= SLOTS || size <= HEADER_SIZE || size > SLOT_BYTES)
		return 0;
	size -= HEADER_SIZE;
	memcpy(frame, in + slot * SLOT_BYTES + HEADER_SIZE, size);
	offer(&rx, slot);
	return size;
}

const struct nic nic_virtio = { "virtio-net", 0x1af4, 0x1000, start, send, receive };
