/* SPDX-License-Identifier: BSD-3-Clause */
/* MSI-X (PCI Local Bus 3.0, section 6.8.2): a table of messages in a BAR, one entry an interrupt. */
#include <core/errno.h>
#include <core/log.h>
#include <drivers/pci.h>

#define MSIX_CONTROL 2
#define MSIX_TABLE 4
#define MSIX_CONTROL_ENABLE 0x8000u
#define MSIX_CONTROL_MASK_ALL 0x4000u
#define MSIX_CONTROL_SIZE 0x07ffu

/* One table entry, in 32-bit words. */
#define ENTRY_WORDS 4
#define ENTRY_ADDRESS_LOW 0
#define ENTRY_ADDRESS_HIGH 1
#define ENTRY_DATA 2
#define ENTRY_CONTROL 3
#define ENTRY_CONTROL_MASKED 1u

int pci_msix_enable(struct pci_dev *dev)
{
	unsigned cap = pci_find_cap(dev, PCI_CAP_MSIX, 0), i;
	uint16_t control;
	uint32_t where;

	if (!cap)
		return -ENODEV;
	control = pci_read16(dev, cap + MSIX_CONTROL);
	where = pci_read32(dev, cap + MSIX_TABLE);
	dev->msix_count = (control & MSIX_CONTROL_SIZE) + 1u;
	dev->msix_table = pci_map_bar(dev, where & 7, where & ~7u, dev->msix_count * ENTRY_WORDS * sizeof(uint32_t));
	if (!dev->msix_table)
		return -ENXIO;

	/* All masked while the entries are made safe, or the device may fire into an entry that firmware left behind. */
	pci_write16(dev, cap + MSIX_CONTROL, control | MSIX_CONTROL_ENABLE | MSIX_CONTROL_MASK_ALL);
	for (i = 0; i < dev->msix_count; i++)
		dev->msix_table[i * ENTRY_WORDS + ENTRY_CONTROL] = ENTRY_CONTROL_MASKED;
	pci_write16(dev, cap + MSIX_CONTROL, (control | MSIX_CONTROL_ENABLE) & ~MSIX_CONTROL_MASK_ALL);
	return (int)dev->msix_count;
}

int pci_msix_set(struct pci_dev *dev, unsigned entry, irq_handler_t handler, void *arg)
{
	volatile uint32_t *e;
	struct msi_message msg;
	int vector;

	if (entry >= dev->msix_count)
		return -EINVAL;
	vector = plat_irq_alloc_msi(handler, arg, &msg);
	if (vector < 0) {
		pr_err("pci %s: no interrupt vector left", dev->name);
		return vector;
	}
	e = dev->msix_table + entry * ENTRY_WORDS;
	e[ENTRY_CONTROL] = ENTRY_CONTROL_MASKED;
	e[ENTRY_ADDRESS_LOW] = (uint32_t)msg.address;
	e[ENTRY_ADDRESS_HIGH] = (uint32_t)(msg.address >> 32);
	e[ENTRY_DATA] = msg.data;
	e[ENTRY_CONTROL] = 0;
	return 0;
}
