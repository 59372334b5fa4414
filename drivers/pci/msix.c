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

/* Whoever shares an entry; handlers are only ever added. */
struct handler {
	irq_handler_t fn;
	void *arg;
	struct handler *next;
};

struct msix_entry {
	unsigned number;
	struct handler *handlers;
	struct msix_entry *next;
};

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

static void run_handlers(void *arg)
{
	const struct msix_entry *e = arg;

	for (const struct handler *h = READ_ONCE(e->handlers); h; h = h->next)
		h->fn(h->arg);
}

static void program(struct pci_dev *dev, unsigned number, const struct msi_message *msg)
{
	volatile uint32_t *words = dev->msix_table + number * ENTRY_WORDS;

	words[ENTRY_CONTROL] = ENTRY_CONTROL_MASKED;
	words[ENTRY_ADDRESS_LOW] = (uint32_t)msg->address;
	words[ENTRY_ADDRESS_HIGH] = (uint32_t)(msg->address >> 32);
	words[ENTRY_DATA] = msg->data;
	words[ENTRY_CONTROL] = 0;
}

static struct msix_entry *find_entry(const struct pci_dev *dev, unsigned number)
{
	struct msix_entry *e = dev->msix_used;

	while (e && e->number != number)
		e = e->next;
	return e;
}

/* The first handler of an entry: it gets a vector. */
static int open_entry(struct pci_dev *dev, unsigned number, struct handler *h)
{
	struct msix_entry *e = kzalloc(sizeof(*e));
	struct msi_message msg;

	if (!e)
		return -ENOMEM;
	e->number = number;
	e->handlers = h;
	int vector = plat_irq_alloc_msi(run_handlers, e, &msg);

	if (vector < 0) {
		kfree(e);
		return vector;
	}
	e->next = dev->msix_used;
	dev->msix_used = e;
	program(dev, number, &msg);
	return 0;
}

int pci_msix_attach(struct pci_dev *dev, unsigned entry, irq_handler_t handler, void *arg)
{
	if (entry >= dev->msix_count)
		return -EINVAL;
	struct handler *h = kzalloc(sizeof(*h));
	struct msix_entry *e = find_entry(dev, entry);
	int ret = h ? 0 : -ENOMEM;

	if (ret)
		return ret;
	h->fn = handler;
	h->arg = arg;
	if (!e) {
		ret = open_entry(dev, entry, h);
		if (ret)
			kfree(h);
		return ret;
	}
	h->next = e->handlers;
	WRITE_ONCE(e->handlers, h);
	return 0;
}
