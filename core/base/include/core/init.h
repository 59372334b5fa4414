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
 * The stages, in the order in which they run. All run on the first thread, with interrupts and preemption on, and may sleep. Pages,
 * the kernel's heap, the processor's tables and the clock are up before the first (docs/boot.md). A new stage also goes into
 * plat/common/sections.lds.inc.
 */
enum init_stage {
	INIT_SERVICES, /* what others register with or call: address space, timers, the root file system, xenstore, grants */
	INIT_DRIVERS, /* devices are looked for and registered with core/block, core/net, core/console */
	INIT_FILES, /* the initial ramdisk, and device nodes for what was registered */
	INIT_PROCESS, /* what a program finds at its start: standard descriptors, signals */
};

/* Register @function, an init_fn, with a stage by its name above. A name that is no stage does not compile. */
#define INITCALL(stage, function) \
	_Static_assert((stage) >= INIT_SERVICES && (stage) <= INIT_PROCESS, "no such stage"); \
	static const struct init_entry __section(".initcall." #stage) __attribute__((used, retain)) __aligned(8) \
		initcall_##function = { function, #function }

#endif
