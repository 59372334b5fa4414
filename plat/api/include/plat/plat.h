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

/* Nanoseconds since some moment before boot, monotonic; and nanoseconds since 1970 as the hardware's clock tells once at boot. */
uint64_t plat_clock_monotonic(void);
uint64_t plat_clock_wall_at_boot(void);

/* Interrupt once when plat_clock_monotonic() passes @deadline; UINT64_MAX: never. @fn as an interrupt handler. */
void plat_timer_set(uint64_t deadline);
void plat_timer_init(void (*fn)(void));

/* Noted interrupts: run the handlers of all that came while preemption was disabled. Called with preemption disabled. */
void plat_irq_run_pending(void);
/* Something is noted and not yet run? A plain memory read. */
bool plat_irq_pending(void);

/* Sleep until an interrupt, unless one is noted already. Called with preemption disabled. */
void plat_idle(void);

/* Bytes of a real random source, if the CPU has one. Returns false otherwise. */
bool plat_random(uint64_t *out);

/* End the domain. @status is what the host sees: 0 success. Never returns. */
_Noreturn void plat_shutdown(int status);
/* End as crashed. */
_Noreturn void plat_crash(void);

#endif
