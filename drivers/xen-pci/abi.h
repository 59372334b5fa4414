/* SPDX-License-Identifier: BSD-3-Clause */
/* The page that is shared with the back end (public/io/pciif.h): one request at a time. Interrupts are not asked for in this way here. */
#ifndef XEN_PCI_ABI_H
#define XEN_PCI_ABI_H

#include <core/base.h>

#define PCI_MAGIC "7"

/* Flags: a request of ours is there; the back end has an error report for us. */
#define PCI_ACTIVE 1u
#define PCI_REPORT 4u

enum { PCI_READ, PCI_WRITE };

/* What the back end says about a request. */
#define PCI_OK 0
#define PCI_NOT_FOUND (-1)
#define PCI_BAD_OFFSET (-2)
#define PCI_DENIED (-3)
#define PCI_UNKNOWN (-4)

/* Our answer to an error report: nothing was done about it (PCI_ERS_RESULT_NONE of Linux, whose numbers the protocol uses). */
#define PCI_REPORT_IGNORED 1

struct pci_request {
	uint32_t command;
	int32_t error;
	uint32_t domain, bus, devfn;
	int32_t offset, size;
	uint32_t value;
};

struct pci_page {
	uint32_t flags;
	struct pci_request request;
	uint32_t info, vectors[128]; /* of requests for interrupts */
	struct {
		uint32_t command;
		int32_t result;
		uint32_t domain, bus, devfn;
	} report;
};

_Static_assert(sizeof(struct pci_request) == 32 && offsetof(struct pci_page, report) == 552, "Xen's layout");

#endif
