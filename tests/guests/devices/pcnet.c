/* SPDX-License-Identifier: BSD-3-Clause */
/* The PCnet-PCI II (Am79C970A), polled, with 32-bit structures (software style 2). */
#include "guest.h"

#define RDP 0x10 /* a register by its number, which is written to RAP */
#define RAP 0x12
#define RESET 0x14
#define BDP 0x16
#define SOFTWARE_STYLE 20 /* by BDP */
#define INIT 0x0001u
#define START 0x0002u
#define STOP 0x0004u
#define DEMAND 0x0008u /* look at what is to be sent */
#define INIT_DONE 0x0100u
#define OWN 0x80000000u /* the card's */
#define WHOLE 0x03000000u /* first and last piece of a frame */
#define ERROR 0x40000000u
#define ONES 0xf000u /* as the data sheet wants them */
#define SLOTS 8
#define SLOTS_LOG 3
#define SLOT_BYTES 2048
#define FCS 4

struct descriptor {
	uint32_t address, status, length, user;
};

struct block {
	uint16_t mode;
	uint8_t rx_slots, tx_slots; /* logarithms, in the upper half */
	uint8_t mac[6];
	uint16_t reserved;
	uint32_t groups[2];
	uint32_t rx, tx;
};

static uint16_t base;
static unsigned next_in, next_out;
static volatile struct block *const block = (void *)DMA_TABLE;
static volatile struct descriptor *const rx = (void *)(DMA_TABLE + 0x100);
static volatile struct descriptor *const tx = (void *)(DMA_TABLE + 0x200);
static uint8_t *const in = (uint8_t *)DMA_BUFFER;
static uint8_t *const out = (uint8_t *)(DMA_BUFFER + SLOTS * SLOT_BYTES);

static void set(unsigned number, unsigned v)
{
	outw((uint16_t)(base + RAP), (uint16_t)number);
	outw((uint16_t)(base + RDP), (uint16_t)v);
}

static unsigned get_status(void)
{
	outw((uint16_t)(base + RAP), 0);
	return inw((uint16_t)(base + RDP));
}

static uint32_t room(unsigned size)
{
	return ONES | (-size & 0xfff);
}

static void prepare(const uint8_t mac[6])
{
	memset((void *)DMA_TABLE, 0, 0x1000);
	block->rx_slots = block->tx_slots = SLOTS_LOG << 4;
	for (unsigned i = 0; i < 6; i++)
		block->mac[i] = mac[i];
	block->rx = (uint32_t)rx;
	block->tx = (uint32_t)tx;
	for (unsigned i = 0; i < SLOTS; i++) {
		rx[i].address = (uint32_t)in + i * SLOT_BYTES;
		rx[i].status = OWN | room(SLOT_BYTES);
	}
	next_in = next_out = 0;
}

static void start(uint32_t function, uint8_t mac[6])
{
	uint64_t end = deadline_ms(1000);

	base = pci_read(function, PCI_BAR(0)) & 0xffe0;
	inw((uint16_t)(base + RESET));
	for (unsigned i = 0; i < 6; i++)
		mac[i] = inb((uint16_t)(base + i));
	set(0, STOP);
	outw((uint16_t)(base + RAP), SOFTWARE_STYLE);
	outw((uint16_t)(base + BDP), 2);
	prepare(mac);
	set(1, (uint32_t)block & 0xffff);
	set(2, (uint32_t)block >> 16);
	set(0, INIT);
	while (!(get_status() & INIT_DONE))
		if (past(end))
			return fail("pcnet: it does not start");
	set(0, INIT_DONE | START);
}

static bool send(const void *frame, unsigned size)
{
	volatile struct descriptor *d = &tx[next_out];
	uint64_t end = deadline_ms(1000);

	memcpy(out, frame, size);
	d->address = (uint32_t)out;
	d->length = 0;
	barrier();
	d->status = OWN | WHOLE | room(size);
	next_out = (next_out + 1) % SLOTS;
	set(0, DEMAND);
	while (d->status & OWN)
		if (past(end))
			return false;
	return !(d->status & ERROR);
}

static unsigned receive(void *frame)
{
	volatile struct descriptor *d = &rx[next_in];
	unsigned size;

	if (d->status & OWN)
		return 0;
	size = d->length & 0xfff;
	if ((d->status & (ERROR | WHOLE)) != WHOLE || size <= FCS || size > SLOT_BYTES)
		size = FCS;
	size -= FCS;
	memcpy(frame, in + next_in * SLOT_BYTES, size);
	d->length = 0;
	barrier();
	d->status = OWN | room(SLOT_BYTES);
	next_in = (next_in + 1) % SLOTS;
	return size;
}

const struct nic nic_pcnet = { "pcnet", 0x1022, 0x2000, start, send, receive };
