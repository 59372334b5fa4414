/* SPDX-License-Identifier: BSD-3-Clause */
/* Interrupts of Intel's cards, which raise one when they are told to: by the pin, and by MSI-X messages. */
#include "net.h"

#define ICR 0x00c0 /* causes */
#define ICS 0x00c8 /* raise */
#define IMS 0x00d0 /* permit */
#define IMC 0x00d8 /* forbid */
#define IVAR 0x00e4 /* e1000e: which vector for which cause */
#define LINK (1u << 2)
#define OTHER (1u << 24)
#define IVAR_OTHER_0 (1u << 19)

#define STATUS_CAPABILITIES (1u << 20) /* of the register with the command */
#define CAPABILITIES 0x34
#define INTERRUPT 0x3c
#define MSIX 0x11
#define MSIX_ENABLE (1u << 31) /* of the capability's first register */

#define LOCAL_APIC 0xfee00000u
#define APIC_ID 0x20
#define APIC_EOI 0xb0
#define APIC_SPURIOUS 0xf0
#define APIC_ON 0x1ff

#define ROUNDS 8

static volatile uint32_t *registers;

static volatile uint32_t *apic(unsigned reg)
{
	return (volatile uint32_t *)(LOCAL_APIC + reg);
}

static void take_back(unsigned irq)
{
	if (irq == IRQ_MESSAGE) {
		registers[ICR / 4] = ~0u;
		*apic(APIC_EOI) = 0;
	} else if (irq != IRQ_TIMER) {
		(void)registers[ICR / 4];
	}
}

static uint32_t find_card(void)
{
	uint32_t function = net_start() ? pci_find_id(nic->vendor, nic->device) : 0;

	if (!function || (nic != &nic_e1000 && nic != &nic_e1000e)) {
		fail("no card of Intel's");
		return 0;
	}
	registers = (volatile uint32_t *)(pci_read(function, PCI_BAR(0)) & ~15u);
	return function;
}

static void count(unsigned irq, uint32_t cause)
{
	irq_hook = take_back;
	registers[IMS / 4] = cause;
	for (unsigned i = 0; i < ROUNDS; i++) {
		unsigned seen = irq_counts[irq];

		registers[ICS / 4] = cause;
		if (!irq_wait(irq, seen, 3000)) {
			fail("interrupt %u did not come", i);
			break;
		}
	}
	registers[IMC / 4] = ~0u;
	note("%u interrupts", irq_counts[irq]);
	irq_hook = NULL;
}

void check_interrupt_pin(void)
{
	uint32_t function = find_card();
	unsigned line;

	if (!function)
		return;
	line = pci_read(function, INTERRUPT) & 0xff;
	note("line %u", line);
	if (line > 15) {
		fail("no line");
		return;
	}
	registers[IMC / 4] = ~0u;
	(void)registers[ICR / 4];
	irq_enable(line);
	count(line, LINK);
	irq_disable(line);
}

static unsigned find_capability(uint32_t function, unsigned id)
{
	unsigned at = pci_read(function, PCI_COMMAND) & STATUS_CAPABILITIES ? pci_read(function, CAPABILITIES) & 0xfc : 0;

	for (unsigned i = 0; at && i < 48; i++) {
		uint32_t v = pci_read(function, at);

		if ((v & 0xff) == id)
			return at;
		at = v >> 8 & 0xfc;
	}
	return 0;
}

void check_interrupt_msix(void)
{
	uint32_t function = find_card(), table;
	unsigned at = function ? find_capability(function, MSIX) : 0;
	volatile uint32_t *entry;

	if (!at) {
		fail("no MSI-X");
		return;
	}
	table = pci_read(function, at + 4);
	entry = (volatile uint32_t *)((pci_read(function, PCI_BAR(table & 7)) & ~15u) + (table & ~7u));
	*apic(APIC_SPURIOUS) = APIC_ON;
	entry[0] = LOCAL_APIC | (*apic(APIC_ID) >> 24) << 12;
	entry[1] = 0;
	entry[2] = IRQ_VECTOR + IRQ_MESSAGE;
	pci_write(function, at, pci_read(function, at) | MSIX_ENABLE);
	entry[3] = 0; /* not masked */
	registers[IMC / 4] = ~0u;
	registers[ICR / 4] = ~0u;
	registers[IVAR / 4] = IVAR_OTHER_0;
	count(IRQ_MESSAGE, LINK | OTHER);
	entry[3] = 1;
	pci_write(function, at, pci_read(function, at) & ~MSIX_ENABLE);
}
