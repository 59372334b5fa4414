/* SPDX-License-Identifier: BSD-3-Clause */
/* Access to configuration space through ports 0xcf8 and 0xcfc. */
#include <arch/io.h>
#include <core/sched.h>
#include <drivers/pci.h>

#define CONFIG_ADDRESS 0xcf8
#define CONFIG_DATA 0xcfc
#define CONFIG_ENABLE 0x80000000u

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
