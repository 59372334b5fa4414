/* SPDX-License-Identifier: BSD-3-Clause */
/* What core needs of a platform besides interrupts and the page table: console, clock, timer, idle, the end. */
#ifndef PLAT_PLAT_H
#define PLAT_PLAT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Write to the boot console; any context, polled. */
void plat_console_write(const char *buf, size_t len);
/* Read what the boot console has received, without waiting. Returns the count. */
size_t plat_console_read(char *buf, size_t len);

/* The kernel command line, as the loader passed it. */
const char *plat_cmdline(void);
/* First boot module (initial ramdisk). Returns false if there is none; @start is in the direct map. */
bool plat_initrd(const void **start, size_t *size);

/* Monotonic nanoseconds since a moment before boot. Any context. */
uint64_t plat_clock_monotonic(void);
/* Nanoseconds since 1970-01-01 UTC as the hardware's or the hypervisor's clock has them; read once, at boot. */
uint64_t plat_clock_wall_at_boot(void);

/*
 * Call the function of plat_timer_init(), as an interrupt handler, once plat_clock_monotonic() reaches @deadline
 * (UINT64_MAX: never). Replaces the last deadline.
 */
void plat_timer_set(uint64_t deadline);
void plat_timer_init(void (*fn)(void));

/* Run the handlers of the interrupts noted while preemption was disabled. Called with preemption disabled. */
void plat_irq_run_pending(void);
/* True if an interrupt is noted and its handler has not run. A plain memory read; any context. */
bool plat_irq_pending(void);

/* Sleep until an interrupt, unless one is noted already. Called with preemption disabled. */
void plat_idle(void);

/* 64 bits from the processor's random source in *@out. Returns false if it has none, or none left. Any context. */
bool plat_random(uint64_t *out);

/* End the domain. @status: 0 success, 1 to 127 otherwise; how it reaches the host is the platform's. Never returns. */
_Noreturn void plat_shutdown(int status);
/* End the domain as crashed. Any context. */
_Noreturn void plat_crash(void);

#endif
