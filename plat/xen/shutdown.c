/* SPDX-License-Identifier: BSD-3-Clause */
/* The end, as Xen and the toolstack see it: powered off or crashed. The status is in the last line of the console. */
#include <core/string.h>
#include <plat/plat.h>

#include "audit.h"
#include "xen.h"

#define STATUS_CRASHED 101

static void __noreturn end(int status, unsigned reason)
{
	uint32_t arg = reason;
	char line[48];

	audit_report();
	xen_console_write(line, snprintf(line, sizeof(line), "unidom: exit status %d\n", status));
	for (;;)
		xen_hypercall3(HYPERCALL_SCHED_OP, SCHEDOP_SHUTDOWN, (uintptr_t)&arg, 0);
}

void xen_reboot(void)
{
	end(0, SHUTDOWN_REBOOT);
}

void xen_shutdown(int status)
{
	end(status, SHUTDOWN_POWEROFF);
}

void xen_crash(void)
{
	end(STATUS_CRASHED, SHUTDOWN_CRASH);
}
