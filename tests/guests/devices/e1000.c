/* SPDX-License-Identifier: BSD-3-Clause */
/* The 82540EM (QEMU's e1000), polled; and the 82574L (e1000e), whose registers and descriptors of the older kind are the same. */
#include "guest.h"

#define CONTROL 0x0000
#define RX_CONTROL 0x0100
#define TX_CONTROL 0x0400
#define RX_BASE 0x2800
#define RX_BASE_HIGH 0x2804
#define RX_SIZE 0x2808
#define RX_HEAD 0x2810
#define RX_TAIL 0x2818
#define TX_BASE 0x3800
#define TX_BASE_HIGH 0x3804
#define TX_SIZE 0x3808
#define TX_HEAD 0x3810
#define TX_TAIL 0x3818
#define ADDRESS_LOW 0x5400
#define ADDRESS_HIGH 0x5404
#define RESET (1u << 26)
#define LINK_UP (1u << 6)
#define ENABLE 2u
#define BROADCASTS (1u << 15)
#define STRIP_CHECKSUM (1u << 26)
#define PAD (1u << 3)
#define SLOTS 16
#define SLOT_BYTES 2048
#define DONE 1

struct rx_descriptor {
	uint64_t address;
	uint16_t size, checksum;
	uint8_t status, errors;
	uint16_t special;
};

struct tx_descriptor {
	uint64_t address;
	uint16_t size;
	uint8_t offset, command, status, start;
	uint16_t special;
};

static volatile uint32_t *registers;
static volatile struct rx_descriptor *const rx = (void *)DMA_TABLE;
static volatile struct tx_descriptor *const tx = (void *)(DMA_TABLE + 0x1000);
static uint8_t *const in = (uint8_t *)DMA_BUFFER;
static uint8_t *const out = (uint8_t *)(DMA_BUFFER + SLOTS * SLOT_BYTES);
static unsigned next_in, next_out;

static void set(unsigned reg, uint32_t v)
{
	registers[reg / 4] = v;
}

static void start(uint32_t function, uint8_t mac[6])
{
	uint64_t end;

	registers = (volatile uint32_t *)(pci_read(function, PCI_BAR(0)) & ~15u);
	set(CONTROL, RESET);
	for (end = deadline_ms(20); !past(end);)
		;
	set(CONTROL, LINK_UP);
	for (unsigned i = 0; i < 6; i++)
		mac[i] = (uint8_t)(registers[(i < 4 ? ADDRESS_LOW : ADDRESS_HIGH) / 4] >> 8 * (i & 3));
	memset((void *)DMA_TABLE, 0, 0x2000);
	for (unsigned i = 0; i < SLOTS; i++)
		rx[i].address = (uint32_t)in + i * SLOT_BYTES;
	set(RX_BASE, DMA_TABLE);
	set(RX_BASE_HIGH, 0);
	set(RX_SIZE, SLOTS * sizeof(*rx));
	set(RX_HEAD, 0);
	set(RX_TAIL, SLOTS - 1);
	set(RX_CONTROL, ENABLE | BROADCASTS | STRIP_CHECKSUM);
	set(TX_BASE, DMA_TABLE + 0x1000);
	set(TX_BASE_HIGH, 0);
	set(TX_SIZE, SLOTS * sizeof(*tx));
	set(TX_HEAD, 0);
	set(TX_TAIL, 0);
	set(TX_CONTROL, ENABLE | PAD | 0x10 << 4 | 0x40 << 12);
	next_in = next_out = 0;
}

static bool send(const void *frame, unsigned size)
{
	volatile struct tx_descriptor *d = &tx[next_out];
	uint64_t end = deadline_ms(1000);

	memcpy(out, frame, size);
	d->address = (uint32_t)out;
	d->size = (uint16_t)size;
	d->status = 0;
	d->command = 0x0b; /* end of packet, checksum, report */
	next_out = (next_out + 1) % SLOTS;
	set(TX_TAIL, next_out);
	while (!(d->status & DONE))
		if (past(end))
			return false;
	return true;
}

static unsigned receive(void *frame)
{
	volatile struct rx_descriptor *d = &rx[next_in];
	unsigned size = d->size;

	if (!(d->status & DONE))
		return 0;
	memcpy(frame, in + next_in * SLOT_BYTES, size);
	d->status = 0;
	set(RX_TAIL, next_in);
	next_in = (next_in + 1) % SLOTS;
	return size;
}

const struct nic nic_e1000 = { "e1000", 0x8086, 0x100e, start, send, receive };
const struct nic nic_e1000e = { "e1000e", 0x8086, 0x10d3, start, send, receive };
