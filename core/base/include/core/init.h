/* SPDX-License-Identifier: BSD-3-Clause */
/* Initialisers: each module registers a function, core/boot runs them by stage, then in link order. */
#ifndef CORE_INIT_H
#define CORE_INIT_H

#include <core/base.h>

/* Returns 0 or -Exxx; a failure is logged by name and does not stop the boot. */
typedef int (*init_fn)(void);

struct init_entry {
	init_fn fn;
	const char *name;
};

/*
 * Stages: 1 core services (memory, threads and time are up before stage 1), 2 buses and drivers, 3 file systems and devices
 * nodes, 4 the POSIX layer. All run on the first thread and may sleep.
 */
#define INITCALL(stage, function) \
	static const struct init_entry __section(".initcall." #stage) __attribute__((used, retain)) __aligned(8) \
		initcall_##function = { function, #function }

#endif
