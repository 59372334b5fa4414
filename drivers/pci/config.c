/* SPDX-License-Identifier: BSD-3-Clause */
/* Access to configuration space through ports 0xcf8 and 0xcfc, capabilities and BARs. */
#include <arch/io.h>
#include <core/errno.h>
#include <core/log.h>
#include <core/sched.h>
#include <core/vmem.h>
#include <drivers/pci.h>

#define CONFIG_ADDRESS 0xcf8
#define CONFIG_DATA 0xcfc
#define CONFIG_ENABLE 0x80000000u

#define BAR_IO 0x1u
#define BAR_TYPE_MASK 0x6u
#define BAR_TYPE_64 0x4u
#define BAR_FLAGS 0xfu

/* A list longer than this has a loop: 192 bytes after the header, 4 bytes each at least. */
#define CAP_MAX 48

/* The address port and the data port are one transaction. */
static struct spinlock config_lock = SPINLOCK_INIT("pci: configuration ports");

static void select_register(const struct pci_dev *dev, unsigned offset)
{
	outl(CONFIG_ADDRESS, CONFIG_ENABLE | (uint32_t)dev->bus << 16 | (uint32_t)dev->slot << 11 |
	                             (uint32_t)dev->function << 8 | (offset & 0xfc));
}

uint32_t pci_read32(const struct pci_dev *dev, unsigned offset)
{
	uint32_t value;

	spin_lock(&config_lock);
	select_register(dev, offset);
	value = inl(CONFIG_DATA);
	spin_unlock(&config_lock);
	return value;
}

uint16_t pci_read16(const struct pci_dev *dev, unsigned offset)
{
	return (uint16_t)(pci_read32(dev, offset) >> (offset & 2) * 8);
}

uint8_t pci_read8(const struct pci_dev *dev, unsigned offset)
{
	return (uint8_t)(pci_read32(dev, offset) >> (offset & 3) * 8);
}

/* Not a read-modify-write of 32 bits: that would clear the status bits beside the command register. */
void pci_write16(const struct pci_dev *dev, unsigned offset, uint16_t value)
{
	spin_lock(&config_lock);
	select_register(dev, offset);
	outw(CONFIG_DATA + (offset & 2), value);
	spin_unlock(&config_lock);
}

void pci_write32(const struct pci_dev *dev, unsigned offset, uint32_t value)
{
	spin_lock(&config_lock);
	select_register(dev, offset);
	outl(CONFIG_DATA, value);
	spin_unlock(&config_lock);
}

unsigned pci_find_cap(const struct pci_dev *dev, uint8_t id, unsigned after)
{
	unsigned pos, left = CAP_MAX;

	if (!(pci_read16(dev, PCI_STATUS) & PCI_STATUS_CAP_LIST))
		return 0;
	pos = pci_read8(dev, after ? after + 1 : PCI_CAP_POINTER) & 0xfcu;
	while (pos && left--) {
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

int pci_bar_address(const struct pci_dev *dev, unsigned bar, paddr_t *pa)
{
	uint32_t low;

	if (bar >= PCI_BAR_COUNT)
		return -EINVAL;
	low = pci_read32(dev, PCI_BAR0 + bar * 4);
	if (low & BAR_IO)
		return -EINVAL;
	*pa = low & ~BAR_FLAGS;
	if ((low & BAR_TYPE_MASK) == BAR_TYPE_64) {
		if (bar + 1 >= PCI_BAR_COUNT)
			return -EINVAL;
		*pa |= (paddr_t)pci_read32(dev, PCI_BAR0 + (bar + 1) * 4) << 32;
	}
	if (!*pa) {
		pr_err("pci %s: BAR %u was not assigned by the firmware", dev->name, bar);
		return -ENXIO;
	}
	return 0;
}

volatile void *pci_map_bar(const struct pci_dev *dev, unsigned bar, uint32_t offset, size_t size)
{
	paddr_t start, page;
	char *mapped;

	if (pci_bar_address(dev, bar, &start))
		return NULL;
	start += offset;
	page = ALIGN_DOWN(start, PAGE_SIZE);
	mapped = vmem_map_device(page, ALIGN_UP(start + size, PAGE_SIZE) - page);
	if (!mapped) {
		pr_err("pci %s: cannot map BAR %u", dev->name, bar);
		return NULL;
	}
	return mapped + (start - page);
}
