/* SPDX-License-Identifier: BSD-3-Clause */
/* Interrupts of the two 8259s, at vectors 0x20 to 0x2f: they are counted. */
#include "guest.h"

#define VECTOR IRQ_VECTOR

extern const uint32_t irq_entries[16];
volatile unsigned irq_counts[16];
void (*irq_hook)(unsigned irq);
static uint64_t gates[VECTOR + 16];
static bool ticking; /* an interrupt comes now and then, so that a halted processor looks at the time */

void irq_handle(unsigned irq);
void irq_handle(unsigned irq)
{
	irq_counts[irq]++;
	if (irq_hook)
		irq_hook(irq);
	if (irq == IRQ_MESSAGE)
		return; /* the hook has told the local controller */
	if (irq == IRQ_IDE)
		inb(0x1f7); /* the status register takes the request back */
	if (irq >= 8)
		outb(0xa0, 0x20);
	outb(0x20, 0x20);
}

void irq_init(void)
{
	static struct {
		uint16_t limit;
		uint32_t base;
	} __attribute__((packed)) pointer;

	for (unsigned i = 0; i < 16; i++) {
		uint32_t entry = irq_entries[i];

		gates[VECTOR + i] = (uint64_t)((entry & 0xffff0000) | 0x8e00) << 32 | 0x080000 | (entry & 0xffff);
	}
	pointer.limit = sizeof(gates) - 1;
	pointer.base = (uint32_t)gates;
	__asm__ volatile("lidt %0" : : "m"(pointer));
	outb(0x20, 0x11);
	outb(0xa0, 0x11);
	outb(0x21, VECTOR);
	outb(0xa1, VECTOR + 8);
	outb(0x21, 4);
	outb(0xa1, 2);
	outb(0x21, 1);
	outb(0xa1, 1);
	outb(0x21, 0xfb); /* all but the cascade */
	outb(0xa1, 0xff);
}

void irq_enable(unsigned irq)
{
	uint16_t port = irq < 8 ? 0x21 : 0xa1;

	ticking |= irq == IRQ_TIMER;
	outb(port, inb(port) & (uint8_t) ~(1u << (irq & 7)));
}

void irq_disable(unsigned irq)
{
	uint16_t port = irq < 8 ? 0x21 : 0xa1;

	ticking &= irq != IRQ_TIMER;
	outb(port, inb(port) | (uint8_t)(1u << (irq & 7)));
}

bool irq_wait(unsigned irq, unsigned seen, unsigned ms)
{
	uint64_t end = deadline_ms(ms);

	while (irq_counts[irq] == seen && !past(end)) {
		if (ticking)
			__asm__ volatile("sti; hlt; cli" : : : "memory");
		else
			__asm__ volatile("sti; nop; nop; cli" : : : "memory");
	}
	return irq_counts[irq] != seen;
}
