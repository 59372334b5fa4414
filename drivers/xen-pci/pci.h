/* SPDX-License-Identifier: BSD-3-Clause */
/* Shared inside drivers/xen-pci. */
#ifndef XEN_PCI_PCI_H
#define XEN_PCI_PCI_H

#include <core/sched.h>
#include <core/timer.h>
#include <drivers/xen-grant.h>
#include <drivers/xen-pci.h>
#include <drivers/xenbus.h>

#include "abi.h"

/* For an answer, and for the back end to connect. */
#define PCI_PATIENCE (5 * NSEC_PER_SEC)

/* The one front end, device/pci/0: the toolstack makes no others. */
struct pci_bus {
	/* Held from a request until its answer, and while the front end comes or goes: the fields below, and the page. */
	struct mutex lock;
	struct xenbus_dev *bus; /* NULL: there is none */
	struct xen_grant_page *shared;
	uint32_t port;
	bool silent; /* the back end was named in the log for that */

	/* Written on the bus's thread, read by those who wait. */
	bool present, connected;
	struct waitq wait; /* for an answer, and for a change of those two */
};

extern struct pci_bus pci_bus;

/* Make the request and wait for the answer. Returns 0 or -Exxx as xen_pci_read(). */
int pci_ask(struct pci_bus *p, unsigned command, const struct xen_pci_address *at, unsigned offset, unsigned size,
            uint32_t *value);
/* Event of the back end. */
void pci_event(uint32_t port, void *pci_bus);
/* Name the devices in the log. On the bus's thread. */
void pci_log_devices(struct pci_bus *p);

#endif
