/* SPDX-License-Identifier: BSD-3-Clause */
#include <core/boot.h>
#include <core/thread.h>
#include <plat/ops.h>

#include "kvm.h"

PLAT_OPS(kvm, native);

void pvh_start(const struct pvh_start_info *info)
{
	serial_init();
	native_check_start_info(info);
	native_trap_init(irq_note);
	native_cpu_init();
	uint64_t rsdp = info->rsdp;

	native_memory_init(info);
	lapic_init();
	acpi_init(rsdp);
	clock_init();
	sched_init();
	__asm__ volatile("sti");
	boot_main();
}
