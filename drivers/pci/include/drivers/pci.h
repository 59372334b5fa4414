/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * PCI devices, as configuration mechanism #1 shows them (PCI Local Bus 3.0, sections 3.2.2.3 and 6).
 *
 * The firmware numbers the buses and places the BARs; nothing is moved here. Devices are found once, at the first registration of a
 * driver, on every bus that bridges lead to, and live for ever. Unless said otherwise calls are for thread context.
 */
#ifndef DRIVERS_PCI_H
#define DRIVERS_PCI_H

#include <core/alloc.h>
#include <core/base.h>
#include <core/list.h>
#include <plat/irq.h>

/* Offsets into configuration space. */
#define PCI_VENDOR_ID 0x00
#define PCI_DEVICE_ID 0x02
#define PCI_COMMAND 0x04
#define PCI_STATUS 0x06
#define PCI_CLASS_REVISION 0x08
#define PCI_HEADER_TYPE 0x0e
#define PCI_BAR0 0x10
#define PCI_SECONDARY_BUS 0x19
#define PCI_SUBSYSTEM_ID 0x2e
#define PCI_CAP_POINTER 0x34

#define PCI_COMMAND_MEMORY 0x0002
#define PCI_COMMAND_MASTER 0x0004
#define PCI_COMMAND_INTX_OFF 0x0400
#define PCI_STATUS_CAP_LIST 0x0010

/* Capabilities lie behind the header. A list of more than PCI_CAP_MAX, 4 bytes each at least, has a loop. */
#define PCI_CAP_FIRST 0x40
#define PCI_CAP_MAX 48
#define PCI_CAP_VENDOR 0x09
#define PCI_CAP_MSIX 0x11

#define PCI_BAR_COUNT 6
#define PCI_ANY 0xffffu

/* Physical addresses that a BAR decodes. */
struct pci_range {
	paddr_t start;
	uint64_t size; /* a power of two */
};

struct pci_dev {
	char name[12]; /* "00:03.0" */
	uint8_t bus, slot, function;
	uint16_t vendor, device, subsystem;
	uint32_t class_code; /* class << 16 | subclass << 8 | interface */
	bool claimed; /* a driver's probe returned 0 */
	struct pci_range bars[PCI_BAR_COUNT]; /* as far as pci_bar() was asked; size 0: not yet */
	volatile uint32_t *msix_table;
	unsigned msix_count; /* entries in the table */
	struct msix_entry *msix_used; /* the entries that have handlers */
	struct list link;
};

struct pci_id {
	uint16_t vendor, device; /* PCI_ANY matches all */
};

struct pci_driver {
	const char *name;
	const struct pci_id *ids; /* ends with vendor 0 */
	/* Take @dev. Returns 0, -ENODEV if it is not for this driver after all, or another -Exxx, which is logged. */
	int (*probe)(struct pci_dev *dev);
};

/*
 * Offer every unclaimed device that matches to @drv, in bus order. The driver stays the caller's and must live on.
 * Returns 0, or -ENOMEM when the scan failed.
 */
int pci_driver_register(const struct pci_driver *drv);

/* Configuration space; any context. @offset is aligned to the size of the access. */
uint8_t pci_read8(const struct pci_dev *dev, unsigned offset);
uint16_t pci_read16(const struct pci_dev *dev, unsigned offset);
uint32_t pci_read32(const struct pci_dev *dev, unsigned offset);
void pci_write16(const struct pci_dev *dev, unsigned offset, uint16_t value);
void pci_write32(const struct pci_dev *dev, unsigned offset, uint32_t value);

/* Offset of the next capability @id after the one at @after (0: the first), or 0. */
unsigned pci_find_cap(const struct pci_dev *dev, uint8_t id, unsigned after);

/* Let the device answer to its memory BARs and do DMA; silence its INTx pin. */
void pci_enable(const struct pci_dev *dev);

/*
 * What memory BAR @bar decodes; the device is switched off for a moment to find its size. Returns 0; -ENXIO, with a line in the log, if the
 * firmware left it unassigned; or -EINVAL for I/O BARs and numbers that are not there. Thread context.
 */
int pci_bar(struct pci_dev *dev, unsigned bar, struct pci_range *range);

/*
 * Map @size bytes at @offset of memory BAR @bar. Returns NULL, with a line in the log, if they are not within it or cannot be mapped.
 * Never unmapped. Thread context.
 */
volatile void *pci_map_bar(struct pci_dev *dev, unsigned bar, uint32_t offset, size_t size);

/*
 * Switch to MSI-X with every entry masked. Returns the number of entries (> 0), -ENODEV without the capability, or -Exxx.
 */
int pci_msix_enable(struct pci_dev *dev);

/*
 * Have @handler(@arg) called, as an interrupt handler, when MSI-X entry @entry fires. An entry may have several handlers: each is called each
 * time, whichever of them it was for. Returns 0; -EINVAL for an entry that does not exist; -ENOSPC when all vectors are in use; -ENOMEM.
 * Handlers cannot be removed. Thread context.
 */
int pci_msix_attach(struct pci_dev *dev, unsigned entry, irq_handler_t handler, void *arg);

#endif
