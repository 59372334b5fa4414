/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Where the interrupt pins of PCI devices lead to on the PIIX3 of a Xen guest. Upstream asks the bus, which under Xen numbers the pins by slot, for the pins of the
 * PIIX3 itself: registers beyond the four that there are, and so no link ever leads to a line of the 8259s. Guests with an I/O APIC do not
 * notice. Xen wants the four registers; the build gives hw/i386/pc_piix.c this function instead of pci_device_route_intx_to_irq().
 */
/* Upstream's headers are not clean by our warnings. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wextra"
#pragma GCC diagnostic ignored "-Wunused-parameter"
#pragma GCC diagnostic ignored "-Wsign-compare"
#include "qemu/osdep.h"
#include "hw/isa/isa.h"
#include "hw/pci/pci.h"
#include "hw/southbridge/piix.h"
#pragma GCC diagnostic pop

PCIINTxRoute xen_piix_route(PCIDevice *piix, int link);

PCIINTxRoute xen_piix_route(PCIDevice *piix, int link)
{
	uint8_t line = piix->config[PIIX_PIRQCA + link];

	if (line < ISA_NUM_IRQS)
		return (PCIINTxRoute){ PCI_INTX_ENABLED, line };
	return (PCIINTxRoute){ PCI_INTX_DISABLED, -1 };
}
