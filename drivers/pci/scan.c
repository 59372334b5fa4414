/* SPDX-License-Identifier: BSD-3-Clause */
/* Find the devices behind every bridge, and offer them to drivers. */
#include <core/errno.h>
#include <core/log.h>
#include <core/string.h>
#include <drivers/pci.h>

#define HEADER_MULTI_FUNCTION 0x80u
#define HEADER_BRIDGE 1u
#define SLOTS 32
#define FUNCTIONS 8

static struct list devices = LIST_INIT(devices);

static int scan_bus(uint8_t bus);

/* Returns 1 if the device has more functions, 0 if not or if nothing is there, or -ENOMEM. */
static int scan_function(uint8_t bus, uint8_t slot, uint8_t function)
{
	struct pci_dev probe = { .bus = bus, .slot = slot, .function = function }, *dev;
	uint32_t id = pci_read32(&probe, PCI_VENDOR_ID);
	uint8_t header;
	int ret = 0;

	if ((id & 0xffff) == 0xffff)
		return 0;
	dev = kzalloc(sizeof(*dev));
	if (!dev)
		return -ENOMEM;
	*dev = probe;
	dev->vendor = (uint16_t)id;
	dev->device = (uint16_t)(id >> 16);
	dev->subsystem = pci_read16(dev, PCI_SUBSYSTEM_ID);
	dev->class_code = pci_read32(dev, PCI_CLASS_REVISION) >> 8;
	snprintf(dev->name, sizeof(dev->name), "%02x:%02x.%x", bus, slot, function);
	list_push_back(&devices, &dev->link);
	pr_debug("pci %s: %04x:%04x class %06x", dev->name, dev->vendor, dev->device, dev->class_code);

	header = pci_read8(dev, PCI_HEADER_TYPE);
	if ((header & ~HEADER_MULTI_FUNCTION) == HEADER_BRIDGE) {
		uint8_t secondary = pci_read8(dev, PCI_SECONDARY_BUS);

		/* Firmware numbers buses depth first: a smaller number is an unconfigured bridge, or a loop. */
		if (secondary > bus)
			ret = scan_bus(secondary);
	}
	return ret ? ret : header & HEADER_MULTI_FUNCTION ? 1 : 0;
}

static int scan_bus(uint8_t bus)
{
	for (uint8_t slot = 0; slot < SLOTS; slot++) {
		int more = scan_function(bus, slot, 0);

		for (uint8_t fn = 1; more > 0 && fn < FUNCTIONS; fn++) {
			int ret = scan_function(bus, slot, fn);

			if (ret < 0)
				return ret;
		}
		if (more < 0)
			return more;
	}
	return 0;
}

static int scan_once(void)
{
	static bool done;

	if (done)
		return 0;
	done = true;
	return scan_bus(0);
}

static bool matches(const struct pci_driver *drv, const struct pci_dev *dev)
{
	for (const struct pci_id *id = drv->ids; id->vendor; id++)
		if ((id->vendor == PCI_ANY || id->vendor == dev->vendor) &&
		    (id->device == PCI_ANY || id->device == dev->device))
			return true;
	return false;
}

int pci_driver_register(const struct pci_driver *drv)
{
	struct pci_dev *dev;
	int ret = scan_once();

	if (ret)
		return ret;
	list_for_each(dev, &devices, link) {
		if (dev->claimed || !matches(drv, dev))
			continue;
		ret = drv->probe(dev);
		if (!ret)
			dev->claimed = true;
		else if (ret != -ENODEV)
			pr_err("pci %s: driver %s failed: error %d", dev->name, drv->name, -ret);
	}
	return 0;
}
