/* SPDX-License-Identifier: BSD-3-Clause */
#include <core/alloc.h>
#include <core/boot.h>
#include <core/log.h>
#include <core/string.h>
#include <core/thread.h>

#include "xen.h"

__noreturn void xen_start(const struct start_info *info);

static bool is_hardware_domain;

bool xen_is_dom0(void)
{
	return is_hardware_domain;
}

void xen_start(const struct start_info *info)
{
	is_hardware_domain = info->flags & SIF_INITDOMAIN;
	shared_info_init(info->shared_info);
	trap_init();
	cpu_init();
	memory_init(info);
	info = phys_to_virt((uintptr_t)info);
	console_init(info);
	xen_store_init(info);
	event_init();
	clock_init();
	sched_init();
	WRITE_ONCE(this_vcpu()->evtchn_upcall_mask, 0);
	boot_main();
}
