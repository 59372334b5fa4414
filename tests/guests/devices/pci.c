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

void power_off(void)
{
	uint32_t pm = pci_find_id(PIIX4_PM);
	uint16_t base = pm ? pci_read(pm, 0x40) & 0xffc0 : 0x600;

	outw(base + 4, SLEEP_ENABLE);
}
