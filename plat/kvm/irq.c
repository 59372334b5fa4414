/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Interrupts are noted first, and handled when preemption is enabled: see core/sched.h. The notes are bits that the entry sets with
 * interrupts off and that kvm_irq_run_pending() takes with an atomic exchange.
 */
#include <core/errno.h>
#include <core/log.h>
#include <core/sched.h>
#include <plat/irq.h>
#include <plat/plat.h>

#include "kvm.h"

#define VECTORS 256

static struct {
	irq_handler_t handler;
	void *arg;
} handlers[VECTORS];

static uint64_t noted[VECTORS / 64];
static bool any_noted;
static unsigned next_msi = VECTOR_MSI_FIRST;
static struct log_limit strays; /* as often as the host likes */

void irq_set_handler(unsigned vector, irq_handler_t handler, void *arg)
{
	handlers[vector].arg = arg;
	handlers[vector].handler = handler;
}

int plat_irq_alloc_msi(irq_handler_t handler, void *arg, struct msi_message *msg)
{
	preempt_disable();
	int vector = next_msi <= VECTOR_MSI_LAST ? (int)next_msi++ : -ENOSPC;

	preempt_enable();
	if (vector < 0)
		return vector;
	irq_set_handler(vector, handler, arg);
	/* To the LAPIC with id 0, fixed, edge triggered. */
	*msg = (struct msi_message){ 0xfee00000, vector };
	return vector;
}

bool kvm_irq_pending(void)
{
	return READ_ONCE(any_noted);
}

static uint64_t take(uint64_t *word)
{
	uint64_t bits = 0;

	__asm__ volatile("xchg %0, %1" : "+r"(bits), "+m"(*word) : : "memory");
	return bits;
}

void kvm_irq_run_pending(void)
{
	while (kvm_irq_pending()) {
		WRITE_ONCE(any_noted, false);
		barrier();
		for (unsigned w = 0; w < ARRAY_SIZE(noted); w++) {
			for (uint64_t bits = take(&noted[w]); bits; bits &= bits - 1) {
				unsigned vector = w * 64 + __builtin_ctzll(bits);

				if (handlers[vector].handler)
					handlers[vector].handler(handlers[vector].arg);
				else
					log_ratelimited(&strays, LOG_WARN, "interrupt vector 0x%x: nobody asked for it",
					                vector);
			}
		}
	}
}

bool irq_note(unsigned vector)
{
	if (vector == VECTOR_SPURIOUS)
		return false;
	noted[vector / 64] |= 1ull << (vector % 64);
	any_noted = true;
	lapic_eoi();
	return true;
}
