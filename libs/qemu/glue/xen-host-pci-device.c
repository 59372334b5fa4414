/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Upstream's hw/xen/xen-host-pci-device.c looks into Linux' /sys. Here a device of the host is seen through the PCI front end: the toolstack
 * names it by the host's address, its registers are asked for at the address that the back end shows, and its regions are what its base
 * address registers say. xen-pciback keeps those as the host set them, and answers the question for a region's size without touching the device.
 */
/* Upstream's headers are not clean by our warnings. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wextra"
#pragma GCC diagnostic ignored "-Wunused-parameter"
#pragma GCC diagnostic ignored "-Wsign-compare"
#include "qemu/osdep.h"
#include "qapi/error.h"
#include "hw/xen/xen-host-pci-device.h"
#pragma GCC diagnostic pop

#include <drivers/xen-pci.h>

#define CLOSED (-1)
#define OPEN 0
#define NO_DEVICE 0xffff
#define NO_IRQ 0xff
/* A header and a link each: more are a ring. */
#define EXTENDED_MAX ((PCIE_CONFIG_SPACE_SIZE - PCI_CONFIG_SPACE_SIZE) / 8)

static struct xen_pci_address address_of(const XenHostPCIDevice *d)
{
	return (struct xen_pci_address){ d->local_domain, d->local_bus, d->local_dev, d->local_func };
}

/* The largest register at @pos of which all is wanted. */
static int size_at(int pos, int len)
{
	if (!(pos & 3) && len >= 4)
		return 4;
	return !(pos & 1) && len >= 2 ? 2 : 1;
}

/* Upstream's callers look at errno too. */
static int result(int ret)
{
	if (ret)
		errno = -ret;
	return ret;
}

int xen_host_pci_get_block(XenHostPCIDevice *d, int pos, uint8_t *buf, int len)
{
	struct xen_pci_address at = address_of(d);
	int ret = 0;

	for (int size; len > 0 && !ret; pos += size, buf += size, len -= size) {
		uint32_t value = 0;

		size = size_at(pos, len);
		ret = xen_pci_read(&at, (unsigned)pos, (unsigned)size, &value);
		if (!ret)
			stn_le_p(buf, size, value);
	}
	return result(ret);
}

int xen_host_pci_set_block(XenHostPCIDevice *d, int pos, uint8_t *buf, int len)
{
	struct xen_pci_address at = address_of(d);
	int ret = 0;

	for (int size; len > 0 && !ret; pos += size, buf += size, len -= size) {
		size = size_at(pos, len);
		ret = xen_pci_write(&at, (unsigned)pos, (unsigned)size, (uint32_t)ldn_le_p(buf, size));
	}
	return result(ret);
}

int xen_host_pci_get_byte(XenHostPCIDevice *d, int pos, uint8_t *p)
{
	return xen_host_pci_get_block(d, pos, p, sizeof(*p));
}

int xen_host_pci_get_word(XenHostPCIDevice *d, int pos, uint16_t *p)
{
	return xen_host_pci_get_block(d, pos, (uint8_t *)p, sizeof(*p));
}

int xen_host_pci_get_long(XenHostPCIDevice *d, int pos, uint32_t *p)
{
	return xen_host_pci_get_block(d, pos, (uint8_t *)p, sizeof(*p));
}

int xen_host_pci_set_byte(XenHostPCIDevice *d, int pos, uint8_t data)
{
	return xen_host_pci_set_block(d, pos, &data, sizeof(data));
}

int xen_host_pci_set_word(XenHostPCIDevice *d, int pos, uint16_t data)
{
	return xen_host_pci_set_block(d, pos, (uint8_t *)&data, sizeof(data));
}

int xen_host_pci_set_long(XenHostPCIDevice *d, int pos, uint32_t data)
{
	return xen_host_pci_set_block(d, pos, (uint8_t *)&data, sizeof(data));
}

int xen_host_pci_find_ext_cap_offset(XenHostPCIDevice *d, uint32_t cap)
{
	int pos = PCI_CONFIG_SPACE_SIZE;

	for (int i = 0; i < EXTENDED_MAX && pos >= PCI_CONFIG_SPACE_SIZE; i++) {
		uint32_t header = 0;

		if (xen_host_pci_get_long(d, pos, &header) || !header)
			break;
		if (PCI_EXT_CAP_ID(header) == cap)
			return pos;
		pos = PCI_EXT_CAP_NEXT(header);
	}
	return -1;
}

/* What a base address register holds, and what it holds after @probe was written to it; it is as before then. */
static int probe_register(XenHostPCIDevice *d, int pos, uint32_t probe, uint32_t *value, uint32_t *answer)
{
	int ret = xen_host_pci_get_long(d, pos, value);

	if (!ret)
		ret = xen_host_pci_set_long(d, pos, probe);
	if (ret)
		return ret;
	ret = xen_host_pci_get_long(d, pos, answer);
	int restored = xen_host_pci_set_long(d, pos, *value);

	return ret ? ret : restored;
}

/* A region of no size is none. Sizes are powers of two, and regions lie at multiples of theirs. */
static void set_region(XenHostPCIIORegion *r, uint64_t base, uint64_t size, uint8_t type, uint8_t flags)
{
	if (!base || !is_power_of_2(size) || base & (size - 1))
		return;
	*r = (XenHostPCIIORegion){ .base_addr = base, .size = size, .type = type, .bus_flags = flags };
}

static int get_port_region(XenHostPCIIORegion *r, uint32_t value, uint32_t answer)
{
	uint32_t mask = (uint32_t)PCI_BASE_ADDRESS_IO_MASK;

	/* The upper half may not exist. */
	set_region(r, value & mask, (uint16_t)(~(answer & mask) + 1), XEN_HOST_PCI_REGION_TYPE_IO, value & ~mask);
	return 1;
}

/* Returns how many registers the region has, or -errno. */
static int get_memory_region(XenHostPCIDevice *d, int pos, XenHostPCIIORegion *r, uint32_t value, uint32_t answer)
{
	uint32_t mask = (uint32_t)PCI_BASE_ADDRESS_MEM_MASK, high = 0, high_answer = UINT32_MAX;
	uint8_t type = XEN_HOST_PCI_REGION_TYPE_MEM;
	bool wide = (value & PCI_BASE_ADDRESS_MEM_TYPE_MASK) == PCI_BASE_ADDRESS_MEM_TYPE_64;

	if (value & PCI_BASE_ADDRESS_MEM_PREFETCH)
		type |= XEN_HOST_PCI_REGION_TYPE_PREFETCH;
	if (wide) {
		int ret = pos < PCI_BASE_ADDRESS_5 ? probe_register(d, pos + 4, UINT32_MAX, &high, &high_answer) : -EPROTO;

		if (ret)
			return ret;
		type |= XEN_HOST_PCI_REGION_TYPE_MEM_64;
	}
	if (answer & mask || (wide && high_answer))
		set_region(r, (uint64_t)high << 32 | (value & mask), ~((uint64_t)high_answer << 32 | (answer & mask)) + 1, type,
		           value & ~mask);
	return wide ? 2 : 1;
}

static int get_rom(XenHostPCIDevice *d)
{
	uint32_t mask = (uint32_t)PCI_ROM_ADDRESS_MASK, value, answer;
	int ret = probe_register(d, PCI_ROM_ADDRESS, (uint32_t)~PCI_ROM_ADDRESS_ENABLE, &value, &answer);

	if (!ret && answer & mask)
		set_region(&d->rom, value & mask, ~(answer & mask) + 1, XEN_HOST_PCI_REGION_TYPE_MEM,
		           value & PCI_ROM_ADDRESS_ENABLE);
	return ret;
}

static int get_regions(XenHostPCIDevice *d)
{
	for (int i = 0, count; i < PCI_ROM_SLOT; i += count) {
		int pos = PCI_BASE_ADDRESS_0 + 4 * i;
		uint32_t value, answer;
		int ret = probe_register(d, pos, UINT32_MAX, &value, &answer);

		if (ret)
			return ret;
		if (value & PCI_BASE_ADDRESS_SPACE_IO)
			count = get_port_region(&d->io_regions[i], value, answer);
		else
			count = get_memory_region(d, pos, &d->io_regions[i], value, answer);
		if (count < 0)
			return count;
	}
	return get_rom(d);
}

static int get_identity(XenHostPCIDevice *d)
{
	uint32_t class;
	uint8_t irq;
	int ret = xen_host_pci_get_word(d, PCI_VENDOR_ID, &d->vendor_id);

	if (!ret)
		ret = xen_host_pci_get_word(d, PCI_DEVICE_ID, &d->device_id);
	if (!ret)
		ret = xen_host_pci_get_long(d, PCI_CLASS_REVISION, &class);
	/* The back end puts the host's interrupt there. */
	if (!ret)
		ret = xen_host_pci_get_byte(d, PCI_INTERRUPT_LINE, &irq);
	if (ret)
		return ret;
	d->class_code = class >> 8;
	d->irq = irq == NO_IRQ ? 0 : irq;
	return d->vendor_id == NO_DEVICE ? -ENODEV : 0;
}

static int get_type(XenHostPCIDevice *d, uint8_t *type)
{
	int ret = xen_host_pci_get_byte(d, PCI_HEADER_TYPE, type);

	*type &= ~PCI_HEADER_TYPE_MULTI_FUNCTION;
	return ret;
}

void xen_host_pci_device_get(XenHostPCIDevice *d, uint16_t domain, uint8_t bus, uint8_t dev, uint8_t func, Error **errp)
{
	struct xen_pci_address host = { domain, bus, dev, func }, here;
	uint8_t type = 0;
	int ret = xen_pci_find(&host, &here);

	*d = (XenHostPCIDevice){ .domain = domain, .bus = bus, .dev = dev, .func = func, .config_fd = CLOSED };
	if (ret) {
		error_setg_errno(errp, -ret, "%04x:%02x:%02x.%x: the PCI back end does not have it for this stubdomain", domain,
		                 bus, dev, func);
		return;
	}
	d->local_domain = here.domain;
	d->local_bus = here.bus;
	d->local_dev = here.device;
	d->local_func = here.function;
	ret = get_identity(d);
	if (!ret)
		ret = get_type(d, &type);
	if (!ret && type != PCI_HEADER_TYPE_NORMAL) {
		error_setg(errp, "%04x:%02x:%02x.%x: a bridge cannot be passed through", domain, bus, dev, func);
		return;
	}
	if (!ret)
		ret = get_regions(d);
	if (ret) {
		error_setg_errno(errp, -ret, "%04x:%02x:%02x.%x: its configuration space cannot be read", domain, bus, dev,
		                 func);
		return;
	}
	d->config_fd = OPEN;
}

void xen_host_pci_device_put(XenHostPCIDevice *d)
{
	d->config_fd = CLOSED;
}

bool xen_host_pci_device_closed(XenHostPCIDevice *d)
{
	return d->config_fd == CLOSED;
}
