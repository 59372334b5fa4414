/* SPDX-License-Identifier: BSD-3-Clause */
/* What core needs of a platform besides interrupts and the page table: console, clock, timer, idle, the end. */
#ifndef PLAT_PLAT_H
#define PLAT_PLAT_H

#include <plat/ops.h>

/* Write to the boot console; any context, polled. */
static inline void plat_console_write(const char *buf, size_t len)
{
	plat_ops.console_write(buf, len);
}

/* Read what the boot console has received, without waiting. Returns the count. */
static inline size_t plat_console_read(char *buf, size_t len)
{
	return plat_ops.console_read(buf, len);
}

/* The kernel command line, as the loader passed it. */
static inline const char *plat_cmdline(void)
{
	return plat_ops.cmdline();
}

/* First boot module (initial ramdisk). Returns false if there is none; @start is in the direct map. */
static inline bool plat_initrd(const void **start, size_t *size)
{
	return plat_ops.initrd(start, size);
}

/* Monotonic nanoseconds since a moment before boot. Any context. */
static inline uint64_t plat_clock_monotonic(void)
{
	return plat_ops.clock_monotonic();
}

/* Nanoseconds since 1970-01-01 UTC as the hardware's or the hypervisor's clock has them, 0: not known; read once, at boot. */
static inline uint64_t plat_clock_wall_at_boot(void)
{
	return plat_ops.clock_wall_at_boot();
}

/*
 * Call the function of plat_timer_init(), as an interrupt handler, once plat_clock_monotonic() reaches @deadline, which is at most some hours
 * away (UINT64_MAX: never). Replaces the last deadline. Preemption is disabled.
 */
static inline void plat_timer_set(uint64_t deadline)
{
	plat_ops.timer_set(deadline);
}

/* Have @fn called for plat_timer_set(), from now on. Once, at boot. */
static inline void plat_timer_init(void (*fn)(void))
{
	plat_ops.timer_init(fn);
}

/* Run the handlers of the interrupts noted while preemption was disabled. Called with preemption disabled. */
static inline void plat_irq_run_pending(void)
{
	plat_ops.irq_run_pending();
}

/* True if an interrupt is noted and its handler has not run. A plain memory read; any context. */
static inline bool plat_irq_pending(void)
{
	return plat_ops.irq_pending();
}

/* Sleep until an interrupt, unless one is noted already. Called with preemption disabled. */
static inline void plat_idle(void)
{
	plat_ops.idle();
}

/* 64 bits from the processor's random source in *@out. Returns false if it has none, or none left. Any context. */
static inline bool plat_random(uint64_t *out)
{
	return plat_ops.random(out);
}

/* End the domain. @status: 0 success, 1 to 127 otherwise; how it reaches the host is the platform's. Never returns. */
static inline _Noreturn void plat_shutdown(int status)
{
	plat_ops.shutdown(status);
	__builtin_unreachable();
}

/* End the domain as crashed. Any context. */
static inline _Noreturn void plat_crash(void)
{
	plat_ops.crash();
	__builtin_unreachable();
}

#endif
