/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * PCI devices of the host that were given to this domain: their configuration space, through the back end that device/pci/0 names
 * (xen/include/public/io/pciif.h). Devices come and go while the domain runs. Thread context; any number of threads at once, whose requests
 * are made one after another. A back end that does not answer for 5 s is named in the log, and until it does requests fail at once.
 */
#ifndef DRIVERS_XEN_PCI_H
#define DRIVERS_XEN_PCI_H

#include <stdint.h>

/* PCI Local Bus 3.0, PCI Express 5.0, 7.2.2 */
#define XEN_PCI_SPACE 4096u

struct xen_pci_address {
	uint16_t domain;
	uint8_t bus, device, function; /* device below 32, function below 8 */
};

/*
 * Find the device that the host has at @host; *@here becomes the address at which the back end shows it to this domain, which
 * xen_pci_read() and xen_pci_write() want. If the back end is about to connect, this waits for it, up to 5 s. Returns 0, -ENODEV: this domain has no such
 * device, or no back end; -EPROTO: the back end's nodes make no sense; or xenstore's error.
 */
int xen_pci_find(const struct xen_pci_address *host, struct xen_pci_address *here);

/*
 * Read or write the configuration register of @size bytes (1, 2 or 4) at @offset, a multiple of @size below XEN_PCI_SPACE, of the device
 * that this domain has at @here. The back end may emulate registers, and ignore what it does not permit to write. *@value is zero extended,
 * and only changed on success. Returns 0; -EINVAL: no such register; -ENODEV: no such device, or the back end is gone; -EACCES or -EOPNOTSUPP: the back end refuses;
 * -EIO: it failed, or has not answered an earlier request; -ETIMEDOUT: it does not answer.
 */
int xen_pci_read(const struct xen_pci_address *here, unsigned offset, unsigned size, uint32_t *value);
int xen_pci_write(const struct xen_pci_address *here, unsigned offset, unsigned size, uint32_t value);

#endif
