/* SPDX-License-Identifier: BSD-3-Clause */
/* PCI configuration space of bus 0, and what is found there. */
#include "guest.h"

#define ADDRESS 0xcf8
#define DATA 0xcfc
#define FUNCTION(slot, n) (0x80000000u | (slot) << 11 | (n) << 8)

#define PIIX4_PM 0x8086, 0x7113
#define SLEEP_ENABLE 0x2000

uint32_t pci_read(uint32_t function, unsigned reg)
{
	outl(ADDRESS, function | reg);
	return inl(DATA);
}

void pci_write(uint32_t function, unsigned reg, uint32_t v)
{
	outl(ADDRESS, function | reg);
	outl(DATA, v);
}

static uint32_t find(unsigned reg, unsigned shift, uint32_t wanted)
{
	for (uint32_t slot = 0; slot < 32; slot++)
		for (uint32_t n = 0; n < 8; n++) {
			uint32_t id = pci_read(FUNCTION(slot, n), 0);

			if (id != 0xffffffff && pci_read(FUNCTION(slot, n), reg) >> shift == wanted)
				return FUNCTION(slot, n);
		}
	return 0;
}

uint32_t pci_find_class(unsigned class)
{
	return find(8, 16, class);
}

uint32_t pci_find_interface(unsigned class)
{
	return find(8, 8, class);
}

uint32_t pci_find_id(unsigned vendor, unsigned device)
{
	return find(0, 0, device << 16 | vendor);
}

/* What a register read costs that leaves the hypervisor for the device model. */
void measure_port(void)
{
	uint64_t begin = rdtsc();
	unsigned rounds = parameter_number("rounds", 100);

	for (unsigned i = 0; i < rounds; i++)
		inb(0x1f1); /* error register of the IDE controller */
	note("port read: %u us", cycles_to_us(rdtsc() - begin) / rounds);
}

/* The ports of a PCI device are where the guest put them last and nowhere else, also where they have just been used. */
void check_ports_move(void)
{
	enum { FREE = 0xf7f0, TABLE = 4 };
	uint32_t ide = pci_find_class(0x0101), command, bar, before, after;
	uint16_t at;

	if (!ide)
		return;
	command = pci_read(ide, PCI_COMMAND) & 0xffff;
	bar = pci_read(ide, PCI_BAR(4));
	at = bar & 0xfff0;
	pci_write(ide, PCI_COMMAND, command | PCI_IO_MEMORY_MASTER);
	for (uint32_t round = 1; round <= 3; round++) {
		outl(at + TABLE, round * 0x1230);
		before = inl(at + TABLE);
		pci_write(ide, PCI_BAR(4), FREE);
		outl(at + TABLE, 0);
		after = inl(at + TABLE);
		if (before != round * 0x1230 || after != 0xffffffff || inl(FREE + TABLE) != before)
			fail("round %u: %x, then %x at the old place and %x at the new one", round, before, after,
			     inl(FREE + TABLE));
		pci_write(ide, PCI_COMMAND, command & ~1u);
		if (inl(FREE + TABLE) != 0xffffffff || inb(FREE) != 0xff)
			fail("round %u: there while its ports are off", round);
		pci_write(ide, PCI_COMMAND, command | PCI_IO_MEMORY_MASTER);
		if (inl(FREE + TABLE) != before || inb(FREE + TABLE) != (before & 0xff) ||
		    inw(FREE + TABLE) != (before & 0xffff))
			fail("round %u: not there when its ports are on again", round);
		pci_write(ide, PCI_BAR(4), bar);
	}
	pci_write(ide, PCI_COMMAND, command);
}

void power_off(void)
{
	uint32_t pm = pci_find_id(PIIX4_PM);
	uint16_t base = pm ? pci_read(pm, 0x40) & 0xffc0 : 0x600;

	outw(base + 4, SLEEP_ENABLE);
}
