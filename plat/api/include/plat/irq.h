/* SPDX-License-Identifier: BSD-3-Clause */
/* Interrupts, as every platform offers them. Handlers run with preemption disabled, on the interrupted thread's stack. */
#ifndef PLAT_IRQ_H
#define PLAT_IRQ_H

#include <stdint.h>

typedef void (*irq_handler_t)(void *arg);

/* What to program into a device's MSI or MSI-X entry. */
struct msi_message {
	uint64_t address;
	uint32_t data;
};

/* Allocate an interrupt vector for message-signalled interrupts. Returns the vector (>= 0), or -ENOSPC. */
int plat_irq_alloc_msi(irq_handler_t handler, void *arg, struct msi_message *msg);

#endif
