/* SPDX-License-Identifier: BSD-3-Clause */
/* What is written to the back end and read from it, as values: nothing here waits or has state. */
#ifndef XEN_PCI_MESSAGE_H
#define XEN_PCI_MESSAGE_H

#include <drivers/xen-pci.h>

#include "abi.h"

/*
 * Parse "domain:bus:device.function", hexadecimal numbers of up to four, two, two and two digits: the toolstack and the back end write
 * it with and without leading zeroes. Returns false, with *@out untouched, for anything else, or a device or function that cannot be.
 */
bool pci_parse(const char *text, struct xen_pci_address *out);

/* Make the request; returns false if no device has such a register, or no bus such an address. */
bool pci_request(struct pci_request *r, unsigned command, const struct xen_pci_address *at, unsigned offset, unsigned size,
                 uint32_t value);

/* 0 or -Exxx for the error that the back end left. */
int pci_errno(int32_t error);

/* The @size bytes of @value that a register has. */
uint32_t pci_value(uint32_t value, unsigned size);

#endif
