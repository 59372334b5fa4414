/* SPDX-License-Identifier: BSD-3-Clause */
#include <core/boot.h>
#include <core/log.h>
#include <core/thread.h>

#include "kvm.h"

__noreturn void kvm_start(const struct start_info *info);

void kvm_start(const struct start_info *info)
{
	serial_init();
	if (info->magic != START_INFO_MAGIC || info->version < 1)
		panic("start information: magic 0x%x, version %u: not a PVH loader with a memory map", info->magic,
		      info->version);
	trap_init();
	cpu_init();
	uint64_t rsdp = info->rsdp;

	memory_init(info);
	lapic_init();
	clock_init();
	sched_init();
	acpi_init(rsdp);
	__asm__ volatile("sti");
	boot_main();
}
