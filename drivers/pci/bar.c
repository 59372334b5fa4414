/* SPDX-License-Identifier: BSD-3-Clause */
/* Capabilities, and BARs with their sizes (PCI Local Bus 3.0, sections 6.2.5.1 and 6.7). */
#include <core/errno.h>
#include <core/log.h>
#include <core/vmem.h>
#include <drivers/pci.h>

#define BAR_IO 0x1u
#define BAR_TYPE_MASK 0x6u
#define BAR_TYPE_64 0x4u
#define BAR_FLAGS 0xfu

unsigned pci_find_cap(const struct pci_dev *dev, uint8_t id, unsigned after)
{
	unsigned pos, left = PCI_CAP_MAX;

	if (!(pci_read16(dev, PCI_STATUS) & PCI_STATUS_CAP_LIST))
		return 0;
	pos = pci_read8(dev, after ? after + 1 : PCI_CAP_POINTER) & 0xfcu;
	while (pos >= PCI_CAP_FIRST && left--) {
		uint16_t header = pci_read16(dev, pos);

		if ((header & 0xff) == id)
			return pos;
		pos = header >> 8 & 0xfcu;
	}
	return 0;
}

void pci_enable(const struct pci_dev *dev)
{
	uint16_t command = pci_read16(dev, PCI_COMMAND);

	pci_write16(dev, PCI_COMMAND, command | PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER | PCI_COMMAND_INTX_OFF);
}

/* What the register reads as after all ones were written: the address bits that the device decodes, and its flags. */
static uint32_t probe_mask(const struct pci_dev *dev, unsigned offset)
{
	uint32_t value = pci_read32(dev, offset);

	pci_write32(dev, offset, UINT32_MAX);
	uint32_t mask = pci_read32(dev, offset);

	pci_write32(dev, offset, value);
	return mask;
}

/* The device must not answer while its BARs hold the probe's ones. */
static uint64_t probe_size(const struct pci_dev *dev, unsigned offset, bool wide)
{
	uint16_t command = pci_read16(dev, PCI_COMMAND);

	pci_write16(dev, PCI_COMMAND, command & ~PCI_COMMAND_MEMORY);
	uint64_t mask = probe_mask(dev, offset) & ~BAR_FLAGS;

	mask |= wide ? (uint64_t)probe_mask(dev, offset + 4) << 32 : 0xffffffff00000000;
	pci_write16(dev, PCI_COMMAND, command);
	return mask & -mask; /* the lowest bit that can be set */
}

static int read_bar(const struct pci_dev *dev, unsigned bar, struct pci_range *range)
{
	unsigned offset = PCI_BAR0 + bar * 4;
	uint32_t low = pci_read32(dev, offset);
	bool wide = (low & BAR_TYPE_MASK) == BAR_TYPE_64;

	if (low & BAR_IO || (wide && bar + 1 >= PCI_BAR_COUNT))
		return -EINVAL;
	range->start = low & ~BAR_FLAGS;
	if (wide)
		range->start |= (paddr_t)pci_read32(dev, offset + 4) << 32;
	range->size = probe_size(dev, offset, wide);
	if (!range->start || !range->size || range->start + range->size < range->start) {
		pr_err("pci %s: BAR %u was not assigned by the firmware", dev->name, bar);
		return -ENXIO;
	}
	return 0;
}

int pci_bar(struct pci_dev *dev, unsigned bar, struct pci_range *range)
{
	if (bar >= PCI_BAR_COUNT)
		return -EINVAL;
	if (!dev->bars[bar].size) {
		struct pci_range found;
		int ret = read_bar(dev, bar, &found);

		if (ret)
			return ret;
		dev->bars[bar] = found;
	}
	*range = dev->bars[bar];
	return 0;
}

volatile void *pci_map_bar(struct pci_dev *dev, unsigned bar, uint32_t offset, size_t size)
{
	struct pci_range range;
	volatile void *mapped;

	if (pci_bar(dev, bar, &range))
		return NULL;
	if (!size || size > range.size || offset > range.size - size) {
		pr_err("pci %s: %zu bytes at 0x%x are not within BAR %u of %lu bytes", dev->name, size, offset, bar,
		       range.size);
		return NULL;
	}
	mapped = vmem_map_device(range.start + offset, size);
	if (!mapped)
		pr_err("pci %s: cannot map BAR %u", dev->name, bar);
	return mapped;
}
