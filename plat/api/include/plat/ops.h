/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The platform as core sees it: one constant table in the image. Platforms stand on core, so core names none of their functions; it calls
 * through the inline functions of plat/plat.h, plat/pgtable.h and plat/thread.h, which say what each operation does.
 */
#ifndef PLAT_OPS_H
#define PLAT_OPS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct regs;

struct plat_ops {
	void (*console_write)(const char *buf, size_t len);
	size_t (*console_read)(char *buf, size_t len);
	const char *(*cmdline)(void);
	bool (*initrd)(const void **start, size_t *size);
	uint64_t (*clock_monotonic)(void);
	uint64_t (*clock_wall_at_boot)(void);
	void (*timer_set)(uint64_t deadline);
	void (*timer_init)(void (*fn)(void));
	void (*irq_run_pending)(void);
	bool (*irq_pending)(void);
	void (*idle)(void);
	bool (*random)(uint64_t *out);
	void (*shutdown)(int status);
	void (*crash)(void);

	void (*thread_switch)(uintptr_t tls_base);
#ifdef CONFIG_CORE_USER
	void (*user_stack)(uintptr_t top);
	void (*user_enter)(const struct regs *regs, uintptr_t top);
#endif
	bool (*stacks_backed)(void);

	int (*pt_map)(uintptr_t va, uint64_t pa, unsigned flags);
	int (*pt_map_run)(uintptr_t va, const uint64_t *pa, unsigned count, unsigned flags);
	bool (*pt_lookup)(uintptr_t va, uint64_t *pa, unsigned *flags);
	uintptr_t (*pt_next)(uintptr_t va, uintptr_t end);
	void (*pt_protect)(uintptr_t start, uintptr_t end, unsigned flags);
	void (*pt_unmap)(uintptr_t start, uintptr_t end, void (*gone)(uint64_t pa, unsigned flags));
};

/* The link script puts the table of the image's platform here, and fails without one. */
extern const struct plat_ops plat_ops;

/* What is only there with programs in user mode. */
#ifdef CONFIG_CORE_USER
#define PLAT_OPS_USER(cpu) .user_stack = cpu##_user_stack, .user_enter = cpu##_user_enter,
#else
#define PLAT_OPS_USER(cpu)
#endif

/*
 * Define the table: each operation is the function devices_<operation>() or cpu_<operation>(). One that is missing does not compile, two tables
 * do not link.
 */
#define PLAT_OPS(devices, cpu) \
	extern const struct plat_ops plat_ops_of_image; \
	const struct plat_ops plat_ops_of_image __attribute__((used, section(".plat_ops"))) = { \
		.console_write = devices##_console_write, \
		.console_read = devices##_console_read, \
		.clock_monotonic = devices##_clock_monotonic, \
		.clock_wall_at_boot = devices##_clock_wall_at_boot, \
		.timer_set = devices##_timer_set, \
		.timer_init = devices##_timer_init, \
		.irq_run_pending = devices##_irq_run_pending, \
		.irq_pending = devices##_irq_pending, \
		.shutdown = devices##_shutdown, \
		.crash = devices##_crash, \
		.cmdline = cpu##_cmdline, \
		.initrd = cpu##_initrd, \
		.idle = cpu##_idle, \
		.random = cpu##_random, \
		.thread_switch = cpu##_thread_switch, \
		PLAT_OPS_USER(cpu).stacks_backed = cpu##_stacks_backed, \
		.pt_map = cpu##_pt_map, \
		.pt_map_run = cpu##_pt_map_run, \
		.pt_lookup = cpu##_pt_lookup, \
		.pt_next = cpu##_pt_next, \
		.pt_protect = cpu##_pt_protect, \
		.pt_unmap = cpu##_pt_unmap, \
	}

#endif
