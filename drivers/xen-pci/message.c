/* SPDX-License-Identifier: BSD-3-Clause */
#include "message.h"

#include <core/errno.h>

#define DEVICES 32u
#define FUNCTIONS 8u

static int digit_of(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* A number of 1 to @digits digits with @end behind it, which is skipped unless it is the text's end. */
static bool take_number(const char **text, unsigned digits, char end, unsigned *value)
{
	const char *s = *text;

	*value = 0;
	for (; digit_of(*s) >= 0; s++) {
		if (s - *text == (ptrdiff_t)digits)
			return false;
		*value = *value << 4 | (unsigned)digit_of(*s);
	}
	if (s == *text || *s != end)
		return false;
	*text = s + (end != 0);
	return true;
}

static bool is_address(unsigned device, unsigned function)
{
	return device < DEVICES && function < FUNCTIONS;
}

bool pci_parse(const char *text, struct xen_pci_address *out)
{
	unsigned domain, bus, device, function;

	if (!take_number(&text, 4, ':', &domain) || !take_number(&text, 2, ':', &bus) || !take_number(&text, 2, '.', &device) ||
	    !take_number(&text, 2, 0, &function) || !is_address(device, function))
		return false;
	*out = (struct xen_pci_address){ (uint16_t)domain, (uint8_t)bus, (uint8_t)device, (uint8_t)function };
	return true;
}

bool pci_request(struct pci_request *r, unsigned command, const struct xen_pci_address *at, unsigned offset, unsigned size,
                 uint32_t value)
{
	if ((size != 1 && size != 2 && size != 4) || offset % size || offset >= XEN_PCI_SPACE ||
	    !is_address(at->device, at->function))
		return false;
	*r = (struct pci_request){
		.command = command,
		.domain = at->domain,
		.bus = at->bus,
		.devfn = at->device * FUNCTIONS + at->function,
		.offset = (int32_t)offset,
		.size = (int32_t)size,
		.value = pci_value(value, size),
	};
	return true;
}

int pci_errno(int32_t error)
{
	switch (error) {
	case PCI_OK:
		return 0;
	case PCI_NOT_FOUND:
		return -ENODEV;
	case PCI_BAD_OFFSET:
		return -EINVAL;
	case PCI_DENIED:
		return -EACCES;
	case PCI_UNKNOWN:
		return -EOPNOTSUPP;
	default:
		return -EIO;
	}
}

uint32_t pci_value(uint32_t value, unsigned size)
{
	return size < 4 ? value & ((1u << 8 * size) - 1) : value;
}
