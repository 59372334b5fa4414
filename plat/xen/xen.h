/* SPDX-License-Identifier: BSD-3-Clause */
/* Shared inside plat/xen only. */
#ifndef XEN_XEN_H
#define XEN_XEN_H

#include <core/base.h>
#include <plat/xen.h>

#include "abi.h"

/* The page that Xen shares with this domain; zeroes until the start of the domain has put it there. */
extern struct shared_info shared_info;

static inline struct vcpu_info *this_vcpu(void)
{
	return &shared_info.vcpu_info[0];
}

/* The rings that the domain builder made; NULL: there is none. */
void xen_console_init(void *page, uint32_t port);
void xen_store_init(void *page, uint32_t port);
/* Their pages are the same, their event channels are others. */
void xen_console_move(uint32_t port);
void xen_store_move(uint32_t port);

void event_init(void);
/* An interrupt told of events that cannot be handled yet. Xen is to tell of the next. Interrupts are off. */
void event_note(void);
/* There are no event channels any more: forget all handlers, and mask all ports. Preemption is disabled. */
void event_forget(void);
void clock_init(void);
/* The clock stands still between these two. Preemption is disabled. Without @cancelled the timer needs another event channel. */
void clock_suspend(void);
void clock_resume(bool cancelled);
/* Handle what timers are over, and set Xen's timer for the next, as if it had fired. Preemption is disabled. */
void timer_look(void);

long xen_hypercall3(unsigned nr, unsigned long a1, unsigned long a2, unsigned long a3);

/* --- several files: the operations of plat/ops.h, documented in plat/plat.h as plat_<name>() --- */

void xen_console_write(const char *buf, size_t len);
size_t xen_console_read(char *buf, size_t len);
uint64_t xen_clock_monotonic(void);
uint64_t xen_clock_wall_at_boot(void);
void xen_timer_set(uint64_t deadline);
void xen_timer_init(void (*fn)(void));
void xen_irq_run_pending(void);
bool xen_irq_pending(void);
__noreturn void xen_shutdown(int status);
__noreturn void xen_crash(void);

#endif
