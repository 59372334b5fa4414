/* SPDX-License-Identifier: BSD-3-Clause */
/* The RTL8139, polled. */
#include "guest.h"

#define MAC 0x00
#define TX_STATUS 0x10
#define TX_ADDRESS 0x20
#define RX_START 0x30
#define COMMAND 0x37
#define RX_POINTER 0x38
#define INTERRUPT_STATUS 0x3e
#define RX_CONFIG 0x44
#define CONFIG1 0x52
#define RX_EMPTY 1
#define TX_ENABLE 4
#define RX_ENABLE 8
#define RESET 0x10
#define TX_DONE 0x2000 /* owned by the driver again */
#define TX_OK 0x8000
#define RING_SIZE 8192

static uint16_t base;
static unsigned slot, at;
static uint8_t *const ring = (uint8_t *)DMA_BUFFER;
static uint8_t *const out = (uint8_t *)DMA_TABLE;

static void start(uint32_t function, uint8_t mac[6])
{
	uint64_t end = deadline_ms(1000);

	base = pci_read(function, PCI_BAR(0)) & 0xfffc;
	outb(base + CONFIG1, 0);
	outb(base + COMMAND, RESET);
	while (inb(base + COMMAND) & RESET && !past(end))
		;
	for (unsigned i = 0; i < 6; i++)
		mac[i] = inb((uint16_t)(base + MAC + i));
	outl(base + RX_START, (uint32_t)ring);
	outb(base + COMMAND, RX_ENABLE | TX_ENABLE);
	outl(base + RX_CONFIG, 0x8a); /* wrap; frames for us and broadcasts */
	slot = at = 0;
}

static bool send(const void *frame, unsigned size)
{
	uint16_t status = (uint16_t)(base + TX_STATUS + 4 * slot);
	uint64_t end = deadline_ms(1000);

	memcpy(out, frame, size);
	outl((uint16_t)(base + TX_ADDRESS + 4 * slot), (uint32_t)out);
	outl(status, size);
	while (!(inl(status) & TX_OK))
		if (past(end))
			return false;
	slot = (slot + 1) % 4;
	return true;
}

static unsigned receive(void *frame)
{
	unsigned size;

	if (inb(base + COMMAND) & RX_EMPTY)
		return 0;
	size = ring[at + 2] | (unsigned)ring[at + 3] << 8; /* with 4 bytes of checksum */
	if (!(ring[at] & 1) || size < 8 || size > 2000)
		return 0;
	memcpy(frame, ring + at + 4, size - 4);
	at = (at + size + 4 + 3) & ~3u;
	at %= RING_SIZE;
	outw(base + RX_POINTER, (uint16_t)(at - 16));
	return size - 4;
}

const struct nic nic_rtl8139 = { "rtl8139", 0x10ec, 0x8139, start, send, receive };
